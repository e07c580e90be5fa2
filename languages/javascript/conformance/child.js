const { execFileSync, fork } = require('child_process');
console.log(execFileSync(process.execPath, ['-p', '6 * 7'], { encoding: 'utf8' }).trim());
if (process.send) process.send('hello');
else fork(__filename, { silent: true }).on('message', (text) => console.log(text));
