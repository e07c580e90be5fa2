//: what     the main thread sleeps, others spin: their CPU time counts
//: id       A-004
//: control  cpu_time
//: limits   cpu_time_ms=500 wall_time_ms=6000
//: expect   time_limit
//: error    CPU time
const { Worker } = require('worker_threads');

for (let number = 0; number < 3; number++) new Worker('for (;;);', { eval: true });
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
