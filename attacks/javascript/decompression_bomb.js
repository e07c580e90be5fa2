//: what     a gigabyte of zeros, packed three times, that a few lines of text hold
//: id       A-024
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit
//: peak_kib 137625
const { inflateSync } = require('zlib');

let bomb = Buffer.from([
  'eNqruPX2jqHeUkaJtov/25xEzoho9fL6aF70yPBZvUBsqZPmzHO+F253euVbWScs28QQ2LGCpdBc8ef84mkfpubvs6n/Z/9vrk9b4oy4ffG2uj',
  'p8DAwMB074/p97traX8fCt43fPvbMDChmUtZ/2/rw58MHbhNLblkCBhC96ZuZ1Z+xY5vn3P5/LDBRxy3/6NTF7G+udupj/d4r5gSISe6sPAikG',
  'D0EeINkgBuZkQDgSyJxRmVGZUZlRmVGZURlCMpZRcVE/bjGdi/fzr+O/n/P32XWDnyxJaZvuAwDXRDs+',
].join(''), 'base64');
for (let layer = 0; layer < 3; layer++) bomb = inflateSync(bomb);
console.log(bomb.length);
