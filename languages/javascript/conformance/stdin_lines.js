const lines = require('readline').createInterface({ input: process.stdin });
let number = 0;
lines.on('line', (line) => console.log(++number, line));
lines.on('close', () => console.log('end'));
