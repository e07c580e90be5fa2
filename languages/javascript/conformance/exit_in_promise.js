process.on('exit', (code) => console.log('exit', code));
process.on('beforeExit', () => console.log('never'));
setInterval(() => {}, 1000);
Promise.resolve().then(() => process.exit(7));
