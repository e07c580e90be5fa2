//: what     replaces `then` of all promises and waits: only its own answer can suffer
//: id       A-130
//: mode     function
//: expect   ok|runtime_error
Promise.prototype.then = function () {
  return 7;
};
Promise.prototype.catch = Promise.prototype.finally = Promise.prototype.then;
await null;
return 'patched';
