//: what     leaves modules with the names of Node.js' own in every folder it can: the harness and its children load the real ones
//: id       A-132
//: control  shared_scratch
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   1;4;9
const fs = require('fs');
const { execFileSync } = require('child_process');
for (const folder of ['/box', '/tmp', '/code', '/usr/share/nodejs', '/box/.node_modules']) {
  if (fs.existsSync(`${folder}/node_modules/util`) || fs.existsSync(`${folder}/package.json`)) return 'ESCAPED a module of another input';
  try {
    for (const name of ['fs', 'util', 'vm', 'module', 'timers', 'harness']) {
      fs.mkdirSync(`${folder}/node_modules/${name}`, { recursive: true });
      fs.writeFileSync(`${folder}/node_modules/${name}/index.js`, "require('node:fs').writeSync(1, 'loaded'); process.reallyExit(0)");
    }
    fs.writeFileSync(`${folder}/package.json`, '{"type": "module", "main": "node_modules/fs/index.js"}');
  } catch {}
}
const said = execFileSync(process.execPath, ['-e', "['fs', 'util', 'vm', 'module', 'timers'].forEach(require)"], { cwd: '/box' });
if (String(said)) return `ESCAPED ${said}`;
if (require('util').inspect([1]) !== '[ 1 ]') return 'ESCAPED another util';
await require('timers/promises').setTimeout(10);
return Number(input_str) ** 2;
