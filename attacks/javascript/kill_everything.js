//: what     kills every number it can
//: expect   ok|runtime_error
const kill = (pid, signal) => {
  try {
    process.kill(pid, signal);
  } catch {}
};
kill(-1, 0);
kill(1, 'SIGSTOP');
process.on('SIGTERM', () => {});
kill(0, 'SIGTERM');
for (let pid = 2; pid < 70_000; pid++) if (pid !== process.pid) kill(pid, 'SIGKILL');
kill(-1, 'SIGKILL');
