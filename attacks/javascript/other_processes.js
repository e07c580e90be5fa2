//: what     sees no process but its own
//: id       A-071
//: control  proc
//: expect   ok
//: output   1
console.log(require('fs').readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length);
