//: what     exit hooks, timers and callbacks that would change the answer after it was given
//: id       A-135
//: mode     function
//: expect   ok
//: output   first
const { writeFileSync } = require('fs');
const overwrite = () => writeFileSync('/answer', '=second');
process.on('exit', overwrite);
process.on('beforeExit', overwrite);
process.on('SIGTERM', overwrite);
setTimeout(overwrite, 1);
setInterval(() => {}, 1000);
setImmediate(overwrite);
new FinalizationRegistry(overwrite).register({}, 0);
return 'first';
