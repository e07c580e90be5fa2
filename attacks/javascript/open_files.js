//: what     opens descriptors until refused: 256 in all
//: id       A-036
//: control  open_files
//: expect   ok
//: output   255 EMFILE
const fs = require('fs');

let last, code;
try {
  for (;;) last = fs.openSync('/dev/null');
} catch (error) {
  code = error.code;
}
fs.closeSync(last);
console.log(last, code);
