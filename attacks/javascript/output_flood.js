//: what     prints for ever
//: limits   output_bytes=100000
//: expect   output_limit
//: length   100000
for (;;) console.log('x'.repeat(1000));
