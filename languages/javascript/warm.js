// Stands ready before there is a submission: `node /warm/warm.js WORD` is then what `node /code/harness.js WORD` would
// be, without the start of Node.js and with everything used once that a submission is likely to use.
//
// Nothing of this process may be seen by the student's code. So what stands in /warm goes by the names of /code, and the
// pipes to the outside are not opened: that alone would make them non-blocking.
'use strict';

const fs = require('fs');
const Module = require('module');

const GATE = '/code/gate';
const HARNESS = 'harness.js';

// Only this file and train.mjs, which are of no use to anybody else, keep their names.
const nameInCode = (file) => file.replace(/^\/warm\/(?!warm\.js$)/, '/code/');

// Like `require`, but traces call the file by its name in /code.
function load(file) {
  const module = new Module(nameInCode(file));
  module.filename = module.id;
  module.paths = Module._nodeModulePaths('/code');
  module._compile(fs.readFileSync(file, 'utf8'), module.filename);
  module.loaded = true;
  return module;
}

// What was loaded before this file, with `node -r`, stays loaded, and `main` is what Node.js was started with.
function forget(preloaded, main) {
  for (const name of Object.keys(Module._cache)) delete Module._cache[name];
  for (const module of preloaded) {
    module.filename = module.id = nameInCode(module.filename);
    Module._cache[module.filename] = module;
  }
  Module._cache[main.filename] = main;
  main.id = '.';
  process.mainModule = main;
  process.execArgv.forEach((word, index, words) => (words[index] = nameInCode(word)));
}

// Blocks until there is a submission. Nothing of Node.js runs meanwhile.
function waitForSubmission() {
  const gate = fs.openSync(GATE);
  fs.readSync(gate, Buffer.alloc(1));
  fs.closeSync(gate);
}

async function main() {
  const preloaded = Object.values(Module._cache).filter(({ filename }) => filename !== __filename);
  const harness = load(`/warm/${HARNESS}`);
  await import('/warm/train.mjs');
  // From here a trace begins as it does where a program begins.
  setImmediate(() => {
    forget(preloaded, harness);
    waitForSubmission();
    process.nextTick(harness.exports, process.argv[2]);
  });
}

main();
