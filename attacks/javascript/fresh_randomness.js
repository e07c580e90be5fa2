//: what     starts Node.js ten times and compares the first random numbers, UUIDs, seeds and temporary names
//: id       A-121
//: expect   ok
//: output   held
const { execFileSync } = require('child_process');

const code = `
const crypto = require('crypto');
console.log(Math.random(), crypto.randomUUID(), crypto.randomBytes(8).toString('hex'), crypto.randomInt(2 ** 47),
  require('fs').mkdtempSync('/tmp/own-'), crypto.generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }).x);
`;
const runs = Array.from({ length: 10 }, () => String(execFileSync(process.execPath, ['-e', code])).trim().split(' '));
const kinds = ['Math.random', 'randomUUID', 'randomBytes', 'randomInt', 'mkdtemp', 'key pair'];
const repeated = kinds.filter((_, kind) => new Set(runs.map((words) => words[kind])).size !== runs.length);
console.log(repeated.map((kind) => `ESCAPED ${kind}`).join('\n') || 'held');
