//: what     throws an error that never says what it is
//: id       A-134
//: mode     function
//: limits   cpu_time_ms=400
//: expect   time_limit
const error = new Error('plain');
Object.defineProperty(error, 'stack', {
  get() {
    for (;;);
  },
});
throw error;
