//: what     writes sixty-four megabytes to the answer's file itself, far more than may be kept
//: id       A-126
//: mode     function
//: limits   output_bytes=100000 file_bytes=10485760
//: expect   output_limit
//: length   100000
const fs = require('fs');
const file = fs.openSync('/answer', 'w');
fs.writeSync(file, '=');
for (let number = 0; number < 64; number++) fs.writeSync(file, 'x'.repeat(1 << 20));
process.exit(0);
