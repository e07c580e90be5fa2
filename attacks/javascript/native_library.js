//: what     loads files that are no libraries as native code, and the interpreter as if it was one
//: id       A-103
//: expect   ok
//: output   refused
const fs = require('fs');

fs.writeFileSync('/tmp/own.node', '\x7fELF nothing of the kind');
const loaded = [];
for (const path of ['/tmp/own.node', '/answer', '/dev/zero', '/proc/self/mem', process.execPath]) {
  try {
    process.dlopen({ exports: {} }, path);
    loaded.push(path);
  } catch {}
}
console.log(loaded.join(' ') || 'refused');
