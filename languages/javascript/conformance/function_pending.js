process.on('exit', () => console.log('never'));
setInterval(() => console.log('never'), 1000);
console.log('printed');
console.error('warned');
return new Promise((resolve) => setImmediate(resolve, input_str.length));
