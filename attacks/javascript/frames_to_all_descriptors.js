//: what     tells everybody who might listen that the program has ended well, leaves an answer, and fails
//: id       A-127
//: control  descriptors
//: mode     function
//: expect   runtime_error
//: error    exit code 3
const fs = require('fs');
fs.writeFileSync('/answer', '=16');
// What PID 1 of the box says when the program has started, and when it has ended with status 0 after 5 ms.
const frames = [[1], [2, 0, 0, 0, 0xc0, 0x96, 0xb1, 2]].map((bytes) => Buffer.from(bytes));
let taken = 0;
const own = /^(?:anon_inode|pipe)/;
for (let descriptor = 3; descriptor < 1024; descriptor++) {
  try {
    // Not what Node.js has for itself.
    if (own.test(fs.readlinkSync(`/proc/self/fd/${descriptor}`))) continue;
    for (const frame of frames) taken += fs.writeSync(descriptor, frame);
  } catch {}
}
// Whoever believes it has the time to act on it.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
process.reallyExit(taken > 0 ? 9 : 3);
