//: what     removes, renames, links and replaces the answer's file: all refused, the answer is the returned one
//: id       A-126
//: mode     function
//: expect   ok
//: output   refused
const fs = require('fs');
fs.writeFileSync('/tmp/other', '=other');
const calls = {
  unlink: () => fs.unlinkSync('/answer'),
  rename: () => fs.renameSync('/answer', '/tmp/answer'),
  replace: () => fs.renameSync('/tmp/other', '/answer'),
  link: () => fs.linkSync('/answer', '/tmp/link'),
  mkdir: () => fs.mkdirSync('/answers'),
};
const reached = [];
for (const [name, call] of Object.entries(calls)) {
  try {
    call();
    reached.push(name);
  } catch {}
}
return reached.join(' ') || 'refused';
