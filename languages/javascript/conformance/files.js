const fs = require('fs');
const os = require('os');
console.log(fs.readdirSync('.').length, fs.readdirSync(os.tmpdir()).length, fs.readdirSync('/code').includes('gate'));
fs.writeFileSync('a.txt', 'text');
fs.appendFileSync('/tmp/b.txt', 'more');
console.log(fs.readFileSync('/box/a.txt', 'utf8'), fs.statSync('/tmp/b.txt').size);
console.log(fs.openSync('a.txt') === fs.openSync('a.txt') - 1);
