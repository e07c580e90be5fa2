//: what     replaces standard output, standard error and what stands below them, and fails: the error is still told
//: id       A-130
//: mode     function
//: expect   runtime_error
//: error    TypeError: told
for (const name of ['stdout', 'stderr']) {
  process[name].write = () => true;
  Object.defineProperty(process, name, { value: null, configurable: true });
}
require('fs').writeSync = require('fs').writeFileSync = () => 0;
Error.prepareStackTrace = (error) => `TypeError: told`;
console.error = () => {};
throw new TypeError('told');
