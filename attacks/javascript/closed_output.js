//: what     closes its output and goes on: the verdict waits for its end, not for the pipe's
//: id       A-030
//: expect   runtime_error
//: error    exit code 5
const fs = require('fs');

fs.closeSync(1);
fs.closeSync(2);
setTimeout(() => process.reallyExit(5), 300);
