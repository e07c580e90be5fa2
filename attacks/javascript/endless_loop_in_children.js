//: what     the main process sleeps, a process in a session of its own spins: its CPU time counts
//: id       A-007
//: control  cpu_time
//: limits   cpu_time_ms=500 wall_time_ms=6000
//: expect   time_limit
//: error    CPU time
const { spawn } = require('child_process');

spawn(process.execPath, ['-e', 'for (;;);'], { detached: true, stdio: 'ignore' }).unref();
setTimeout(() => {}, 60_000);
