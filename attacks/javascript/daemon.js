//: what     leaves a process behind that holds the output open, and ends
//: id       A-041
//: control  teardown
//: expect   ok
//: output   done
//: wall_ms  3000
const { spawn } = require('child_process');

spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { detached: true, stdio: 'inherit' }).unref();
console.log('done');
