//: what     prints exactly what may be kept: benign
//: id       G-07
//: limits   output_bytes=100000
//: expect   ok
//: length   100000
console.log('x'.repeat(99_999));
