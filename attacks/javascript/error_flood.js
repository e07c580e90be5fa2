//: what     writes to standard error for ever and never lets Node.js get on with it, which then keeps it in memory
//: id       A-027
//: limits   output_bytes=100000
//: expect   output_limit|memory_limit
for (;;) console.error('y'.repeat(1000));
