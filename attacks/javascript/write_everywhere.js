//: what     tries to create a file in every folder it can see
//: id       A-075
//: control  readonly+landlock
//: expect   ok
//: output   /box /dev/shm /tmp
const fs = require('fs');
const path = require('path');

const written = [];
const walk = (folder) => {
  try {
    fs.closeSync(fs.openSync(path.join(folder, 'mark'), 'w'));
    written.push(folder);
  } catch {}
  let entries = [];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {}
  for (const entry of entries) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory() && inner !== '/proc') walk(inner);
  }
};
walk('/');
console.log(written.sort().join(' '));
