const fs = require('fs');
const piece = Buffer.alloc(1000);
for (let read; (read = fs.readSync(0, piece)) > 0; ) fs.writeSync(1, piece, 0, read);
