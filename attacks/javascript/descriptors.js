//: what     no descriptor but three pipes and what Node.js has for itself: no file, no folder, no socket
//: id       A-083
//: control  descriptors
//: expect   ok
//: output   pipe pipe pipe nothing else
const fs = require('fs');

const kind = (descriptor) => {
  const link = fs.readlinkSync(`/proc/self/fd/${descriptor}`);
  return link.startsWith('pipe:') ? 'pipe' : link;
};
const own = ['pipe', 'anon_inode:[eventpoll]', 'anon_inode:[eventfd]', 'anon_inode:[io_uring]', '/dev/null'];
const others = [];
for (const descriptor of fs.readdirSync('/proc/self/fd').filter((number) => number > 2)) {
  try {
    if (!own.includes(kind(descriptor))) others.push(kind(descriptor));
  } catch {} // The folder just read.
}
console.log(kind(0), kind(1), kind(2), others.join(' ') || 'nothing else');
