//: what     sends itself a signal it listens for, between timers: benign
//: id       G-11
//: expect   ok
//: output   woken
const rest = setTimeout(() => console.log('slept on'), 5000);
process.once('SIGUSR2', () => {
  console.log('woken');
  clearTimeout(rest);
});
setTimeout(() => process.kill(process.pid, 'SIGUSR2'), 50);
