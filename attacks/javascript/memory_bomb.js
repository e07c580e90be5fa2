//: what     allocates and touches memory until stopped
//: id       A-015
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit
//: peak_kib 137625
const blocks = [];
for (;;) blocks.push(Buffer.alloc(1 << 20, 1));
