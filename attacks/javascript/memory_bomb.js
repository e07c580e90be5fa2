//: what     allocates and touches memory until stopped
//: limits   memory_kib=131072
//: expect   memory_limit
//: peak_kib 131072
const blocks = [];
for (;;) blocks.push(Buffer.alloc(1 << 20, 1));
