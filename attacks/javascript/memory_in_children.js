//: what     processes that each keep less than the limit: the whole box is killed, no survivor reports
//: id       A-017
//: control  memory
//: limits   memory_kib=196608
//: expect   memory_limit
//: length   0
//: peak_kib 206438
const { spawn } = require('child_process');

const code = 'const block = Buffer.alloc(60 << 20, 1); setTimeout(() => block, 5000)';
const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['-e', code], { stdio: 'ignore' }));
let left = children.length;
for (const child of children) child.on('exit', () => --left || console.log('survived'));
