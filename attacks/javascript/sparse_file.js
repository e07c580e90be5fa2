//: what     files of a tebibyte and of four times the cap that hold nothing
//: id       A-032
//: control  files
//: limits   file_bytes=1048576
//: expect   ok
//: output   held
const fs = require('fs');

process.on('SIGXFSZ', () => {});
let result = 'held';
for (const size of [2 ** 40, 4 << 20]) {
  try {
    fs.ftruncateSync(fs.openSync('/box/giant', 'w'), size);
    result = `ESCAPED ${size} bytes`;
  } catch (error) {
    if (error.code !== 'EFBIG') result = String(error);
  }
}
console.log(result);
