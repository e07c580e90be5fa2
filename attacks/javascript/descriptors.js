//: what     no descriptor but three pipes and what Node.js has for itself: no file, no folder, no socket
//: expect   ok
//: output   pipe pipe pipe nothing else
const fs = require('fs');

const kind = (descriptor) => {
  const link = fs.readlinkSync(`/proc/self/fd/${descriptor}`);
  return link.startsWith('pipe:') ? 'pipe' : link;
};
const own = ['pipe', 'anon_inode:[eventpoll]', 'anon_inode:[eventfd]', 'anon_inode:[io_uring]', '/dev/null'];
const others = [];
for (let descriptor = 3; descriptor < 4096; descriptor++) {
  try {
    if (!own.includes(kind(descriptor))) others.push(kind(descriptor));
  } catch {}
}
console.log(kind(0), kind(1), kind(2), others.join(' ') || 'nothing else');
