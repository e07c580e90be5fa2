//: what     a loop that is worth compiling, whose types change half way: benign
//: id       G-15
//: expect   ok
//: output   4999999950000000 49999995000000x
const add = (a, b) => a + b;

let sum = 0;
for (let number = 0; number < 100_000_000; number++) sum = add(sum, number);
let other = 0;
for (let number = 0; number < 10_000_000; number++) other = add(other, number);
console.log(String(sum), add(other, 'x'));
