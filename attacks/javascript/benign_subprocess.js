//: what     a pipeline of other programs: benign
//: id       G-02
//: expect   ok
//: output   2\n7
const { spawn, spawnSync } = require('child_process');

const first = spawn(process.execPath, ['-e', "console.log('a'); console.log('b')"]);
const count = "let lines = 0; process.stdin.on('data', (text) => lines += String(text).split('\\n').length - 1)"
  + ".on('end', () => console.log(lines))";
const second = spawn(process.execPath, ['-e', count], { stdio: ['pipe', 'inherit', 'inherit'] });
first.stdout.pipe(second.stdin);
second.on('exit', () => console.log(spawnSync(process.execPath, ['-e', 'process.exit(7)']).status));
