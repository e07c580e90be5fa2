let more = 2;
process.on('beforeExit', (code) => {
  console.log('beforeExit', code);
  if (more-- > 0) setTimeout(() => console.log('more'), 1);
});
process.on('exit', (code) => {
  console.log('exit', code);
  process.exitCode = 5;
});
process.on('exit', () => console.log('last'));
process.exitCode = 4;
