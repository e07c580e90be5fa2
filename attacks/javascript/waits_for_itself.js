//: what     the main thread waits for a thread that waits for it
//: id       A-005
//: control  wall_time
//: limits   wall_time_ms=800
//: expect   time_limit
//: error    ran for longer
const { Worker } = require('worker_threads');

const shared = new Int32Array(new SharedArrayBuffer(4));
new Worker("const { workerData } = require('worker_threads'); Atomics.wait(workerData, 0, 0)", { eval: true, workerData: shared });
Atomics.wait(shared, 0, 0);
