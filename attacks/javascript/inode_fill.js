//: what     empty files until refused
//: id       A-033
//: control  files
//: expect   ok
//: output   refused
const fs = require('fs');

try {
  for (let number = 0; number < 100_000; number++) fs.closeSync(fs.openSync(`/box/${number}`, 'w'));
} catch {
  console.log('refused');
}
