//: what     returns exactly what may be kept: benign
//: id       G-07
//: mode     function
//: limits   output_bytes=100000
//: expect   ok
//: length   100000
return 'x'.repeat(100_000);
