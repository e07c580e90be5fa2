//: what     throws an error whose parts can not be had
//: id       A-134
//: mode     function
//: expect   runtime_error
const error = new Error('plain');
for (const name of ['stack', 'message', 'name', 'cause', 'toString', require('util').inspect.custom]) {
  Object.defineProperty(error, name, {
    get() {
      throw error;
    },
  });
}
throw error;
