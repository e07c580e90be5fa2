//: what     writes half a megabyte before it reads as much
//: id       G-06
//: input_bytes 500000
//: expect   ok
//: length   500008
const fs = require('fs');

console.log('x'.repeat(500_000));
console.log(fs.readFileSync(0, 'utf8').length);
