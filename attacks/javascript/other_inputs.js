//: what     looks for the inputs of other runs in files, memory, descriptors, arguments and environment
//: id       A-125
//: control  shared_scratch
//: mode     function
//: inputs   input-of-run-1;input-of-run-2;input-of-run-3
//: expect   ok
//: output   held
const fs = require('fs');
// Written so that it does not find itself. Behind a space or `;` it is the header above.
const sought = /(?<![ ;])input-of-ru[n]-[0-9]/g;
const breaches = new Set();
const look = (place, bytes) => {
  for (const [word] of bytes.toString('latin1').matchAll(sought)) if (word !== input_str) breaches.add(`ESCAPED ${word} in ${place}`);
};
const walk = (folder) => {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(path);
    else if (entry.isFile()) look(path, fs.readFileSync(path));
  }
};
['/box', '/tmp', '/dev/shm', '/code'].forEach(walk);
for (const name of ['cmdline', 'environ']) look(name, fs.readFileSync(`/proc/self/${name}`));
look('the answer', fs.readFileSync('/answer'));
look('the arguments', Buffer.from(JSON.stringify([process.argv, process.execArgv, process.env])));
const memory = fs.openSync('/proc/self/mem', 'r');
let size = 0;
for (const line of fs.readFileSync('/proc/self/maps', 'utf8').split('\n')) {
  const [, from, to, name] = /^(\w+)-(\w+) rw.* (\S*)$/.exec(line) ?? [];
  const length = Number(`0x${to}`) - Number(`0x${from}`);
  if (!(length < 1 << 26)) continue;
  const block = Buffer.alloc(length);
  try {
    fs.readSync(memory, block, 0, length, BigInt(`0x${from}`));
    size += length;
  } catch {
    continue;
  }
  look(`memory ${name}`, block);
}
if (size < 1 << 20) return 'no memory to read';
fs.writeFileSync('/tmp/input', input_str);
return [...breaches].join('\n') || 'held';
