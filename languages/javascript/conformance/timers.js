const { setTimeout: sleep } = require('timers/promises');
(async () => {
  const [date, clock] = [Date.now(), performance.now()];
  await sleep(100);
  console.log(Date.now() - date >= 99, performance.now() - clock >= 99, Date.now() - date < 5000);
  let times = 0;
  const interval = setInterval(() => {
    if (++times === 3) clearInterval(interval);
  }, 1);
  process.on('exit', () => console.log(times));
  setTimeout(() => console.log('never'), 60000).unref();
})();
