// Starts the student's text. The first word says as what.
//
// program:  a whole program, as `node solution.js` would run it; a CommonJS or an ES module.
// function: the body of a function of `input_str`, or a text that defines `solve`. Its answer goes to a file of
//           its own; what is printed goes where printing goes.
// check-…:  only parses the text, and fails with the message if it can not be.
//
// The text is compiled as it was sent, so that lines and columns are the student's. Only an ES module has to be a
// file of another name; messages then call it by its own.
'use strict';

const fs = require('fs');
const vm = require('vm');
const Module = require('module');
const { inspect, types } = require('util');

const NAME = 'solution.js';
const SOURCE = '/code/solution.js';
const MODULE = '/box/solution.mjs';
const MODULE_WRAP = ' export default async function solve(input_str) {';
// What a CommonJS module sees, in the order in which it is given to it.
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

const DEFINES_SOLVE =
  /^(?:export\s+)?(?:default\s+)?(?:(?:async\s+)?function\s*\*?\s*solve\b|(?:const|let|var)\s+solve\s*=)|^(?:module\.)?exports(?:\.solve)?\s*=/m;
// Everything up to the end of the last import of those that a text begins with.
const LEADING =
  /^(?:(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/|(['"])use strict\1[ \t]*;?)*import\b(?:[^'"`;()]*\bfrom)?\s*(?:'[^'\n]*'|"[^"\n]*")(?:\s*(?:with|assert)\s*\{[^}]*\})?[ \t]*;?)*/;
// What V8 says of a text that can only be a module.
const ONLY_IN_MODULES =
  /^(?:Cannot use import statement outside a module|Cannot use 'import\.meta' outside a module|Unexpected token 'export'|await is only valid in async functions and the top level bodies of modules)/;
// A frame of a trace, and the brace behind the last one if the error has further properties.
const NOT_THE_STUDENTS = /\n {4,}at [^\n]*?(?:\/code\/harness\.js|\bnode:)[^\n]*?(?: (\{))?(?=\n|$)/g;

// Older releases have the callback only, and that behind the flag for vm's modules.
const importModuleDynamically = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER ?? ((specifier) => import(specifier));

function compile(text, parameters) {
  return vm.compileFunction(text, parameters, { filename: NAME, importModuleDynamically });
}

// There is no such thing as vm.compileAsyncFunction. The line in front is the line 0.
function compileAsync(text, parameters) {
  const options = { filename: NAME, lineOffset: -1, importModuleDynamically };
  return new vm.Script(`(async function (${parameters}) {\n${text}\n})`, options).runInThisContext();
}

function compileProgram(text) {
  return compile(text.replace(/^#!/, '//'), PARAMETERS);
}

function compileBody(text) {
  const parameters = ['input_str', ...PARAMETERS];
  if (!/\bawait\b/.test(text)) return compile(text, parameters);
  try {
    return compileAsync(text, parameters);
  } catch (asyncError) {
    // `await` may be somebody's name for something, or the text is wrong in either case. Then it is the other
    // error that does not come from the lines around the text.
    try {
      return compile(text, parameters);
    } catch (error) {
      throw ONLY_IN_MODULES.test(error.message) && !needsModule(error) ? asyncError : error;
    }
  }
}

// Gives what the text defines as `solve` or exports.
function compileDefinitions(text) {
  const found = "typeof solve === 'function' ? solve : module.exports.solve ?? module.exports";
  return compile(`${text}\n;return ${found};`, PARAMETERS);
}

// Is this an error of a text that is no CommonJS module, but may be an ES module? In a function `await` is no reason.
function needsModule(error, isProgram = false) {
  return error instanceof SyntaxError && ONLY_IN_MODULES.test(error.message) && (isProgram || error.message[0] !== 'a');
}

// A text that does not have one of these words is no module.
const mayBeModule = (text) => /\b(?:import|export|await)\b/.test(text);

function isModuleProgram(text) {
  if (!mayBeModule(text)) return false;
  try {
    compileProgram(text);
  } catch (error) {
    return needsModule(error, true);
  }
  return false;
}

function moduleOf(text) {
  if (DEFINES_SOLVE.test(text)) return /^export\b/m.test(text) ? text : text + '\nexport { solve };';
  // On the line of the last import, so that the body's lines and columns stay what they are.
  const head = LEADING.exec(text)[0];
  return head + MODULE_WRAP + text.slice(head.length) + '\n}';
}

function writeAll(file, text, writeSync = fs.writeSync, from = Buffer.from) {
  const bytes = from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(file, bytes, done);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

// An error as Node.js prints it, without the frames that are not the student's and with the plain name of the file.
function told(error, text) {
  // What was no error when it was thrown in a promise has become one with a long text.
  const reason = error?.code === 'ERR_UNHANDLED_REJECTION' && /with the reason "([^]*)"\.$/.exec(error.message);
  if (reason) return 'Uncaught (in promise) ' + reason[1];
  const isError = types.isNativeError(error) || error instanceof Error;
  return plainly((isError ? '' : 'Uncaught ') + inspect(error), text);
}

function plainly(message, text) {
  const plain = message
    .replace(NOT_THE_STUDENTS, (_, brace) => (brace ? '\n' + brace : ''))
    .replace(MODULE_WRAP, '')
    .replace(/(?:file:\/\/)?(?:\/box\/solution\.mjs|\/code\/solution\.js)\b/g, NAME);
  // A syntax error begins with its line and carets below it.
  const syntax = /^solution\.js:(\d+)\n.*\n([ \t]*)(\^*)(?:\n|$)/.exec(plain);
  if (syntax) {
    const [head, line, space, carets] = syntax;
    const lines = text.trimEnd().split('\n');
    if (carets && line <= lines.length) return plain.replace(line, `${line}:${space.length + 1}`);
    // It is the end of the text that came too early.
    const last = lines[lines.length - 1];
    const message = plain.slice(head.length).replace(/^\s*SyntaxError: .*/, 'SyntaxError: Unexpected end of input');
    return `${NAME}:${lines.length}:${last.length + 1}\n${last}\n${blank(last)}^\n\n${message}`;
  }
  const place = /\n {4,}at [^\n]*\bsolution\.js:(\d+):(\d+)/.exec(plain);
  const source = place && text.split('\n')[place[1] - 1];
  if (!source || source.length > 1000) return plain;
  return `${NAME}:${place[1]}:${place[2]}\n${source}\n${blank(source.slice(0, place[2] - 1))}^\n\n${plain}`;
}

// As wide as `text`.
function blank(text) {
  return text.replace(/[^\t]/g, ' ');
}

// Says what ended the process, unless the student's code handles that itself.
function tellUncaught(text) {
  const { exit } = process;
  process.on('uncaughtExceptionMonitor', (error) => {
    if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return;
    writeAll(2, told(error, text) + '\n');
    exit.call(process, 1);
  });
}

function runProgram(text) {
  process.argv.splice(1, 2, SOURCE);
  if (isModuleProgram(text)) {
    fs.writeFileSync(MODULE, text);
    process.argv[1] = MODULE;
  }
  tellUncaught(text);
  // From here on as if this file had never been there.
  process.nextTick(Module.runMain);
}

function check(text, isFunction) {
  const compileText = isFunction ? (DEFINES_SOLVE.test(text) ? compileDefinitions : compileBody) : compileProgram;
  try {
    compileText(text);
  } catch (error) {
    const message = needsModule(error, !isFunction) ? checkModule(isFunction ? moduleOf(text) : text) : inspect(error);
    if (message === '') return;
    writeAll(1, plainly(message, text) + '\n');
    process.exitCode = 1;
  }
}

// What Node.js has against this module; only its command line says where.
function checkModule(text) {
  fs.writeFileSync(MODULE, text);
  const { spawnSync } = require('child_process');
  const { status, stderr } = spawnSync(process.execPath, ['--check', MODULE], { encoding: 'utf8' });
  return status === 0 ? '' : stderr.replace(/\n+Node\.js v[^\n]*\s*$/, '');
}

async function loadModule(text) {
  fs.writeFileSync(MODULE, moduleOf(text));
  // A body may use both kinds of modules.
  globalThis.require = Module.createRequire(SOURCE);
  const { solve, default: standard } = await import(MODULE);
  return solve ?? standard;
}

// The student's function, or a promise of it.
function load(text) {
  const student = new Module(SOURCE);
  student.filename = SOURCE;
  student.paths = Module._nodeModulePaths('/code');
  const scope = [student.exports, Module.createRequire(SOURCE), student, SOURCE, '/code'];
  const isDefinition = DEFINES_SOLVE.test(text);
  let compiled;
  try {
    compiled = isDefinition ? compileDefinitions(text) : compileBody(text);
  } catch (error) {
    if (!needsModule(error)) throw error;
    return loadModule(text);
  }
  if (isDefinition) return compiled.apply(student.exports, scope);
  // For traces.
  Object.defineProperty(compiled, 'name', { value: 'solve' });
  return (input_str) => compiled(input_str, ...scope);
}

async function runFunction(text) {
  // Everything that is still needed after the student's code has run is bound here, because that code may replace
  // anything.
  const { openSync, writeSync } = fs;
  const { from } = Buffer;
  const asText = String;
  const leave = process.reallyExit.bind(process);

  const input = fs.readFileSync(0, 'utf8');
  process.argv.splice(1, 2, SOURCE);
  tellUncaught(text);
  try {
    const solve = await load(text);
    if (typeof solve !== 'function') throw new TypeError('solve is not a function');
    let answer = solve(input);
    if (answer !== null && typeof answer === 'object' && typeof answer.then === 'function') answer = await answer;
    // Printing to a pipe has happened when it returns. Neither exit hooks nor timers are waited for: the function
    // has returned.
    writeAll(openSync('/answer', 'w'), '=' + asText(answer), writeSync, from);
    leave(0);
  } catch (error) {
    try {
      writeAll(2, told(error, text) + '\n', writeSync, from);
    } finally {
      leave(1);
    }
  }
}

function start(kind) {
  const text = fs.readFileSync(SOURCE, 'utf8');
  if (kind === 'program') runProgram(text);
  else if (kind === 'function') runFunction(text);
  else check(text, kind === 'check-function');
}

if (require.main === module) start(process.argv[2]);
module.exports = start;
