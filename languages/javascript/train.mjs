// Uses what programs use, so that its code is loaded and compiled when a submission comes. It prints nothing, reads nothing
// of the student's and leaves nothing behind.
import assert from 'assert';
import { once } from 'events';
import fs from 'fs';
import { createRequire } from 'module';
import net from 'net';
import readline from 'readline';
import { setTimeout as sleep } from 'timers/promises';
import 'os';
import 'path';
import 'perf_hooks';
import 'readline/promises';
import 'tty';
import 'url';
import 'worker_threads';

// The code of the second time is found otherwise than that of the first.
const ROUNDS = 2;

// A pipe without another end, for the streams that Node.js makes of pipes.
class NoPipe {
  getAsyncId = () => 0;
  hasRef = () => true;
  ref() {}
  unref() {}
  readStart = () => 0;
  readStop = () => 0;
  writeBuffer = () => 0;
  writeLatin1String = () => 0;
  writeUtf8String = () => 0;
  writev = () => 0;
  close(closed) {
    setImmediate(closed);
  }
}

function output() {
  return new net.Socket({ handle: new NoPipe(), readable: false, writable: true });
}

// What `process.stdin` is, with this to read.
function input(...chunks) {
  const stream = new net.Socket({ handle: new NoPipe(), readable: true, writable: false, manualStart: true });
  setImmediate(() => {
    for (const chunk of chunks) stream.push(Buffer.from(chunk));
    stream.push(null);
  });
  return stream;
}

function print(error) {
  const stream = output();
  const { log, error: warn } = new console.Console(stream, stream);
  log('answer', 42, true, null);
  log('%s: %d%%', 'answer', 42);
  log([1, 2, 3], { name: 'x', nested: [{ a: 1 }] }, new Map([[1, new Set(['a'])]]), 1.5, 10n, print, NoPipe);
  warn(error);
  stream.write('answer\n');
}

async function read() {
  let sum = 0;
  for await (const line of readline.createInterface({ input: input('1\n2', '3\nzażółć\n') })) sum += parseInt(line, 10);

  const lines = readline.createInterface({ input: input('1\n2\n'), crlfDelay: Infinity });
  lines.on('line', (line) => (sum += Number(line)));
  await once(lines, 'close');

  const stream = input('1\n', '2\n').setEncoding('utf8');
  stream.on('data', (text) => (sum += text.length));
  await once(stream, 'end');
  return sum;
}

function fail() {
  try {
    assert.strictEqual(null.length, 0);
  } catch (error) {
    return error;
  }
}

// Loading a console asks `process.stderr` for its colors, which would open it.
const stderr = Object.getOwnPropertyDescriptor(process, 'stderr');
Object.defineProperty(process, 'stderr', { ...stderr, get: output, set: undefined });
const require = createRequire(import.meta.url);
for (let round = 0; round < ROUNDS; round++) {
  // Any file will do; this one does nothing when it is not the main one.
  require('/warm/harness.js');
  print(fail());
  await read();
  await sleep(1);
  await fs.promises.readFile('/warm/harness.js', 'utf8');
}
Object.defineProperty(process, 'stderr', stderr);
