//: what     counts its calls in memory and in files and leaves a process, for the next input to find
//: id       A-124
//: control  shared_scratch
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   held
const fs = require('fs');
const { spawn } = require('child_process');
const breaches = [];
if (globalThis.calls) breaches.push('ESCAPED memory of another input');
globalThis.calls = 1;
for (const path of ['/tmp/calls', '/box/calls']) {
  if (fs.existsSync(path)) breaches.push('ESCAPED a file of another input');
  fs.writeFileSync(path, input_str);
}
if (fs.readdirSync('/proc').some((name) => Number(name) > 0 && Number(name) !== process.pid)) {
  breaches.push('ESCAPED a process of another input');
}
spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { detached: true, stdio: 'ignore' }).unref();
return breaches.join('\n') || 'held';
