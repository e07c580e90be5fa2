//: what     a thousand temporary files, folders, renames: benign
//: id       G-09
//: expect   ok
//: output   1000 true
const fs = require('fs');
const os = require('os');
const path = require('path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'own-'));
for (let number = 0; number < 1000; number++) fs.writeFileSync(path.join(folder, `${number}.txt`), String(number));
fs.mkdirSync(path.join(folder, 'a/b/c'), { recursive: true });
fs.renameSync(path.join(folder, '1.txt'), path.join(folder, 'a/b/c/1.txt'));
const count = (at) =>
  fs.readdirSync(at, { withFileTypes: true })
    .reduce((sum, entry) => sum + (entry.isDirectory() ? count(path.join(at, entry.name)) : 1), 0);
console.log(count(folder), fs.existsSync(path.join(folder, 'a/b/c/1.txt')));
fs.rmSync(folder, { recursive: true });
