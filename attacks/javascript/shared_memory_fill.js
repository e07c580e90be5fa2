//: what     fills /dev/shm, /tmp and the work folder, which share one space
//: id       A-018
//: control  files
//: limits   file_bytes=1048576
//: expect   ok
//: output   refused refused refused true
const fs = require('fs');

process.on('SIGXFSZ', () => {});
const block = Buffer.alloc(1 << 16);
let written = 0;
const fill = (folder) => {
  const file = fs.openSync(folder + '/fill', 'w');
  try {
    for (;;) written += fs.writeSync(file, block);
  } catch {
    return 'refused';
  }
};
console.log(fill('/dev/shm'), fill('/tmp'), fill('/box'), written <= 1048576);
