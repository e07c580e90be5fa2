//: what     the body of a function may wait: benign
//: id       G-14
//: mode     function
//: expect   ok
//: output   16
const { setTimeout: wait } = require('timers/promises');
await wait(10);
return Number(input_str) ** 2;
