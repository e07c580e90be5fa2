//: what     an answer that is something else each time it is asked
//: id       A-134
//: mode     function
//: expect   ok|runtime_error
let asked = 0;
return new Proxy(function () {}, {
  get: (_, name) => (typeof name === 'symbol' ? () => `asked ${asked++} times` : () => { throw new Error(name); }),
  getPrototypeOf: () => Error.prototype,
});
