//: what     recursion without end in a thread that may use more stack than there is
//: expect   runtime_error|memory_limit
const { Worker } = require('worker_threads');

const code = 'const f = (n) => f(n + 1) + 1; f(0);';
new Worker(code, { eval: true, resourceLimits: { stackSizeMb: 1000 } });
