//: what     no privilege, no way to one, and a filter; neutral names
//: id       A-099
//: control  capabilities
//: expect   ok
//: output   true 0000000000000000 1 2 box student
const fs = require('fs');
const os = require('os');

const lines = fs.readFileSync('/proc/self/status', 'utf8').trim().split('\n');
const status = Object.fromEntries(lines.map((line) => line.split(':\t', 2)));
const capabilities = new Set(['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => status[name]));
const ids = new Set([...status.Uid.split('\t'), ...status.Gid.split('\t')]);
const unprivileged = ids.size === 1 && process.getuid() >= 10_000 && status.Groups.trim() === '';
console.log(unprivileged, ...capabilities, status.NoNewPrivs, status.Seccomp, os.hostname(), os.userInfo().username);
