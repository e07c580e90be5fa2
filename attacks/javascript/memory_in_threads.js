//: what     threads with heaps of their own: what they use together counts
//: id       A-017
//: control  memory
//: limits   memory_kib=196608
//: expect   memory_limit
//: peak_kib 206438
const { Worker } = require('worker_threads');

const code = 'const block = Buffer.alloc(24 << 20, 1); setTimeout(() => block, 5000)';
for (let number = 0; number < 8; number++) new Worker(code, { eval: true });
