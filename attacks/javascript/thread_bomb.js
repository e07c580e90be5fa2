//: what     starts threads until refused
//: limits   processes=32
//: expect   runtime_error
const { Worker } = require('worker_threads');

for (;;) new Worker('setTimeout(() => {}, 30000)', { eval: true });
