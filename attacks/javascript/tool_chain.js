//: what     tries to change Node.js, its library and the harness, and to leave modules that later programs would find
//: id       A-076
//: control  readonly+landlock+uid
//: inputs   1;2
//: expect   ok;ok
//: output   held;held
const fs = require('fs');
const path = require('path');

const breaches = [];
const files = [process.execPath, ...fs.readdirSync('/code').map((name) => `/code/${name}`)];
const folders = ['/usr/share/nodejs', '/usr/lib/x86_64-linux-gnu', '/usr/bin', '/code', '/usr/lib64'];
for (const folder of folders.filter((folder) => fs.existsSync(folder))) {
  files.push(...fs.readdirSync(folder).map((name) => path.join(folder, name)));
}
let lookedAt = 0;
for (const file of files.filter((file) => fs.existsSync(file) && fs.statSync(file).isFile())) {
  lookedAt++;
  try {
    // Opening for writing is enough; nothing is written.
    fs.closeSync(fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_APPEND));
    breaches.push(`may write ${file}`);
  } catch {}
}
if (lookedAt < 20) breaches.push('nothing: there was no library');
for (const folder of ['/', '/node_modules', '/code/node_modules', ...folders, ...module.paths, '/usr/lib/node']) {
  for (const make of [() => fs.mkdirSync(folder), () => fs.writeFileSync(`${folder}/mark.js`, '', { flag: 'wx' })]) {
    if (folder.startsWith('/box') || folder.startsWith('/tmp')) continue;
    try {
      make();
      breaches.push(`made ${folder}/mark.js or its folder`);
      fs.rmSync(`${folder}/mark.js`, { force: true });
    } catch {}
  }
}
// These may be made, and must be gone in the next run.
for (const folder of ['/box/node_modules', '/box/.node_modules', '/box/.node_libraries', '/tmp/node-compile-cache', '/dev/shm/mark']) {
  if (fs.existsSync(folder)) breaches.push(`left by an earlier run: ${folder}`);
  fs.mkdirSync(folder, { recursive: true });
}
console.log(breaches.slice(0, 20).map((breach) => `ESCAPED ${breach}`).join('\n') || 'held');
