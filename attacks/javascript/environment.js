//: what     shows the whole environment, as given and as the kernel keeps it
//: id       A-070
//: control  environment
//: expect   ok
//: output   HOME=/box LANG=C.UTF-8 PATH=/usr/bin TMPDIR=/tmp same
const fs = require('fs');

const given = Object.entries(process.env).map(([name, value]) => `${name}=${value}`).sort();
const kept = fs.readFileSync('/proc/self/environ', 'utf8').split('\0').filter((variable) => variable !== '').sort();
console.log(...kept, given.join() === kept.join() ? 'same' : 'different');
