//: what     starts threads until refused
//: id       A-003
//: control  processes
//: limits   processes=32
//: expect   runtime_error
//: tasks    33
const { Worker } = require('worker_threads');

for (;;) new Worker('setTimeout(() => {}, 30000)', { eval: true });
