//: what     every process starts itself for ever
//: id       A-001
//: control  processes
//: limits   cpu_time_ms=1000 processes=40
//: expect   time_limit
//: tasks    41
const { spawn } = require('child_process');

const again = () => {
  try {
    spawn(process.execPath, ['/code/harness.js', 'program'], { detached: true, stdio: 'inherit' }).on('error', () => {});
  } catch {}
  setImmediate(again);
};
again();
