//: what     recursion without end in a thread that may use more stack than there is
//: id       A-021
//: control  memory
//: limits   memory_kib=131072
//: expect   runtime_error|memory_limit
//: peak_kib 137625
const { Worker } = require('worker_threads');

const code = 'const f = (n) => f(n + 1) + 1; f(0);';
new Worker(code, { eval: true, resourceLimits: { stackSizeMb: 1000 } });
