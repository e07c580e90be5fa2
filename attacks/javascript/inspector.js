//: what     opens the debugger's port: there is no network for it
//: id       A-112
//: control  network+seccomp+landlock
//: expect   ok
//: output   undefined
const inspector = require('inspector');

try {
  inspector.open(9229, '127.0.0.1');
} catch {}
console.log(inspector.url());
