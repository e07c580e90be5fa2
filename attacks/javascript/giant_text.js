//: what     a text repeated more often than the language can, and then as often as it can until memory runs out
//: id       A-024
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit
//: output   RangeError
//: peak_kib 137625
try {
  'x'.repeat(2 ** 31);
} catch (error) {
  require('fs').writeSync(1, error.name);
}
const kept = [];
for (let number = 0; number < 64; number++) kept.push(Buffer.from(String(number % 10).repeat(1 << 24)));
console.log(kept.length);
