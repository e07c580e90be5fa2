//: what     writes to its own code and to the memory of PID 1 through /proc
//: id       A-094
//: expect   ok
//: output   refused
const fs = require('fs');

const paths = ['/proc/1/mem', '/proc/1/environ', '/proc/1/root', '/proc/1/fd', '/proc/self/oom_score_adj',
  '/code/solution.js', '/code/harness.js', process.execPath];
const opened = [];
for (const path of paths) {
  try {
    const file = fs.openSync(path, 'r+');
    fs.writeSync(file, '-1000');
    opened.push(path);
  } catch {}
}
console.log(opened.join(' ') || 'refused');
