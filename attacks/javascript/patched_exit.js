//: what     makes the harness unable to leave by the usual names, then goes on for ever
//: id       A-130
//: mode     function
//: expect   ok
//: output   first
process.reallyExit = process.exit = process.abort = () => {};
process.on('exit', () => {
  for (;;);
});
setInterval(() => {}, 1);
return 'first';
