//: what     starts ten children, one after another, and adds up how they ended: benign
//: id       G-03
//: expect   ok
//: output   45
const { spawnSync } = require('child_process');

let total = 0;
for (let number = 0; number < 10; number++) {
  total += spawnSync(process.execPath, ['-e', `process.exit(${number})`]).status;
}
console.log(total);
