//: what     loads the harness and starts it once more
//: id       A-131
//: mode     function
//: expect   ok|runtime_error
if (globalThis.started) return 'inner';
globalThis.started = true;
delete require.cache['/code/harness.js'];
require('/code/harness.js');
await new Promise((resolve) => setTimeout(resolve, 50));
return 'outer';
