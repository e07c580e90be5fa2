// Starts the student's text; `process.argv[2]` says as what.
//
// program:  a whole program, as `node solution.js` would run it, CommonJS or ES module.
// function: the body of a function of `input_str`, or a text that defines `solve`. Its answer goes to a file of
//           its own; what is printed goes where printing goes.
// check-…:  only compiles the text, and fails with the message if it can not be.
//
// The text is never changed but for what has to stand around a body, on the body's first line, so that lines
// are the student's. A text with `import` or `export` statements has to be a module, which has to be a file with
// another name; messages then call it by its own.
'use strict';

const fs = require('fs');
const vm = require('vm');
const Module = require('module');

const SOURCE = '/code/solution.js';
const MODULE = '/box/solution.mjs';
const PARAMETERS = 'exports, require, module, __filename, __dirname';

// The comments and static imports that a text begins with.
const LEADING = /^(?:\s*(?:\/\/[^\n]*(?:\n|$)|\/\*[^]*?\*\/|import\b(?:[^'"`;()]*\bfrom)?\s*(?:'[^'\n]*'|"[^"\n]*")[ \t]*;?))*/;
const STATIC_IMPORT = /^[ \t]*import\b(?![ \t]*[(.])/m;
const DEFINES_SOLVE =
  /^(?:export\s+)?(?:default\s+)?(?:(?:async\s+)?function\s*\*?\s*solve\b|(?:const|let|var)\s+solve\s*=)|^(?:module\.)?exports(?:\.solve)?\s*=/m;
const EXPORTS = /^export\b/m;

// What a module's text becomes: nothing but its name differs, unless it is a body.
function moduleText(text, isFunction) {
  if (!isFunction) return text;
  if (DEFINES_SOLVE.test(text)) return EXPORTS.test(text) ? text : text + '\nexport { solve };';
  const head = LEADING.exec(text)[0];
  return head + ' export async function solve(input_str) { ' + text.slice(head.length) + '\n}';
}

// Compiles `before + text + after` with the lines and columns of `text`.
function compile(before, text, after) {
  return new vm.Script(before + text + after, {
    filename: SOURCE,
    columnOffset: -before.length,
    importModuleDynamically: (specifier) => import(specifier),
  });
}

function compileProgram(text) {
  return compile(`(function (${PARAMETERS}) { `, text.replace(/^#!/, '//'), '\n})');
}

// A script whose value is a function that gives `solve`.
function compileFunction(text) {
  if (DEFINES_SOLVE.test(text)) {
    const find = "\n; return typeof solve === 'function' ? solve : module.exports.solve ?? module.exports; })";
    return compile(`(function (${PARAMETERS}) { `, text, find);
  }
  const body = (kind) =>
    compile(`(function (${PARAMETERS}) { return ${kind}function solve(input_str) { `, text, '\n}; })');
  if (!/\bawait\b/.test(text)) return body('');
  try {
    return body('async ');
  } catch (error) {
    // It may be somebody's name for something else.
    try {
      return body('');
    } catch {
      throw error;
    }
  }
}

// Must this text be a module? Only if it can not be anything else.
function isModule(text, compileScript) {
  if (!STATIC_IMPORT.test(text) && !EXPORTS.test(text) && !/\bawait\b/.test(text)) return false;
  try {
    compileScript(text);
    return false;
  } catch {
    return STATIC_IMPORT.test(text) || EXPORTS.test(text) || compileScript === compileProgram;
  }
}

function ownName(message) {
  return message.replace(/(?:file:\/\/)?\/box\/solution\.mjs/g, SOURCE);
}

function check(text, isFunction) {
  const compileScript = isFunction ? compileFunction : compileProgram;
  if (isModule(text, compileScript)) {
    fs.writeFileSync(MODULE, moduleText(text, isFunction));
    const { spawnSync } = require('child_process');
    const { status, stderr } = spawnSync(process.execPath, ['--check', MODULE], { encoding: 'utf8' });
    process.stdout.write(ownName(stderr));
    process.exit(status ?? 1);
  }
  try {
    compileScript(text);
  } catch (error) {
    process.stdout.write(error.stack.replace(/\n {4}at [^]*$/, '') + '\n');
    process.exit(1);
  }
}

function program(text) {
  process.argv.splice(1, 2, SOURCE);
  if (isModule(text, compileProgram)) {
    fs.writeFileSync(MODULE, moduleText(text, false));
    process.argv[1] = MODULE;
  }
  // From here on as if this file had never been there: no frame of it stands in a trace.
  process.nextTick(Module.runMain);
}

async function load(text) {
  if (isModule(text, compileFunction)) {
    fs.writeFileSync(MODULE, moduleText(text, true));
    globalThis.require = Module.createRequire(SOURCE);
    const loaded = await import(MODULE);
    return loaded.solve ?? loaded.default;
  }
  const student = new Module(SOURCE, module);
  student.filename = SOURCE;
  student.paths = Module._nodeModulePaths('/code');
  const require = Module.createRequire(SOURCE);
  return compileFunction(text).runInThisContext().call(student.exports, student.exports, require, student, SOURCE, '/code');
}

async function callFunction(text) {
  // Everything that is still needed after the student's code has run is bound here, because that code may
  // replace anything.
  const { openSync, writeSync } = fs;
  const { from } = Buffer;
  const { inspect } = require('util');
  const leave = process.reallyExit.bind(process);
  const asString = String;
  const replace = (text, pattern, by) => Reflect.apply(replaceText, text, [pattern, by]);
  const replaceText = String.prototype.replace;
  const isError = (value) => value instanceof Error;

  const write = (file, text) => {
    const bytes = from(text);
    for (let done = 0; done < bytes.length; ) {
      try {
        done += writeSync(file, bytes, done);
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
      }
    }
  };
  const frames = /\n {4}at [^\n]*(?:\/code\/harness\.js|node:)[^\n]*/g;
  const fail = (error) => {
    const told = isError(error) ? replace(asString(error.stack), frames, '') : 'Uncaught ' + inspect(error);
    write(2, ownName(told) + '\n');
    leave(1);
  };
  try {
    const solve = await load(text);
    let answer = solve(fs.readFileSync(0, 'utf8'));
    if (answer !== null && typeof answer === 'object' && typeof answer.then === 'function') answer = await answer;
    if (answer !== null && typeof answer === 'object') answer = inspect(answer);
    // Neither exit hooks nor timers are waited for: the function has returned.
    write(openSync('/answer', 'w'), '=' + asString(answer));
    leave(0);
  } catch (error) {
    fail(error);
  }
}

const kind = process.argv[2];
const text = fs.readFileSync(SOURCE, 'utf8');
if (kind === 'program') program(text);
else if (kind === 'function') callFunction(text);
else check(text, kind === 'check-function');
