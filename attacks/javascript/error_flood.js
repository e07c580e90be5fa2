//: what     writes to standard error for ever
//: limits   output_bytes=100000
//: expect   output_limit
for (;;) console.error('y'.repeat(1000));
