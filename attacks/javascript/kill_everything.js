//: what     kills every number there can be: there is nobody to be found
//: id       A-044
//: control  pid_namespace
//: expect   ok
//: output   held
const fs = require('fs');

const reached = [];
const kill = (pid, signal, right) => {
  try {
    process.kill(pid, signal);
    reached.push(`ESCAPED ${signal} to ${pid}`);
  } catch (error) {
    if (error.code !== right) reached.push(`ESCAPED ${signal} to ${pid}: ${error.code}`);
  }
};

if (process.getuid() === 0 || process.ppid !== 1) {
  // Nothing is killed where it would do harm.
  console.log(`ESCAPED user ${process.getuid()}, parent ${process.ppid}`);
} else {
  // Threads have numbers of the same kind.
  const own = new Set(fs.readdirSync('/proc/self/task').map(Number));
  for (const signal of ['SIGSTOP', 'SIGTERM', 'SIGKILL']) kill(1, signal, 'EPERM');
  for (let pid = 2; pid < 70_000; pid++) if (!own.has(pid)) kill(pid, 'SIGKILL', 'ESRCH');
  kill(-1, 'SIGKILL', 'ESRCH');
  console.log(reached.slice(0, 20).join('\n') || 'held');
}
