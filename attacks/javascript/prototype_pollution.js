//: what     gives every object and function new properties, setters and a `then`; the answer stays right
//: id       A-130
//: mode     function
//: expect   ok
//: output   16
for (const name of ['then', 'get', 'set', 'value', 'writable', 'mode', 'flag', 'encoding', 'code', 'length', 'position',
  'offset', 'buffer', 'signal', 'fd', 'stack', 'message', 'constructor', 'toString', 'valueOf', 'flush', '0', '1']) {
  const descriptor = { __proto__: null, get: () => 'polluted', set() {}, configurable: true };
  Object.defineProperty(Object.prototype, name, descriptor);
}
Array.prototype[Symbol.iterator] = function* () {
  yield 'polluted';
};
return 16;
