//: what     fills the scratch space; writing fails for the program only
//: id       A-032
//: control  files
//: limits   file_bytes=1048576
//: expect   ok
//: output   refused true
const fs = require('fs');

process.on('SIGXFSZ', () => {});
let written = 0, refused = false;
try {
  for (let number = 0; number < 100; number++) {
    written += fs.writeSync(fs.openSync(`/box/fill${number}`, 'w'), Buffer.alloc(100_000));
  }
} catch {
  refused = true;
}
console.log('refused', refused && written <= 1048576);
