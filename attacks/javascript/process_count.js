//: what     no more processes and threads than allowed, itself included
//: id       A-001
//: control  processes
//: limits   processes=40
//: expect   ok
//: output   true
//: tasks    41
const { spawn } = require('child_process');
const fs = require('fs');

// A process of Node.js is about eleven threads.
let tried = 0, most = 0;
const more = () => {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  let threads = 0;
  for (const pid of pids) {
    try {
      threads += fs.readdirSync(`/proc/${pid}/task`).length;
    } catch {}
  }
  most = Math.max(most, threads);
  if (tried++ === 10) {
    console.log(most > 11 && most <= 40);
    process.exit(0);
  }
  try {
    spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30000)'], { stdio: 'ignore' }).on('error', () => {});
  } catch {}
  setTimeout(more, 50);
};
more();
