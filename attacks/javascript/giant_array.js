//: what     arrays with more elements than 31 bits can count
//: id       A-024
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit
//: output   RangeError
//: peak_kib 137625
try {
  new Array(2 ** 32);
} catch (error) {
  require('fs').writeSync(1, error.name);
}
console.log(new Uint8Array(2 ** 31).fill(1).length);
