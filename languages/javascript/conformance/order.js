setImmediate(() => console.log('immediate'));
setTimeout(() => console.log('timer of 400'), 400);
setTimeout(() => console.log('timer of 200'), 200);
Promise.resolve().then(() => console.log('promise')).then(() => console.log('promise of a promise'));
queueMicrotask(() => console.log('microtask'));
process.nextTick(() => {
  console.log('tick');
  Promise.resolve().then(() => console.log('promise of a tick'));
  process.nextTick(() => console.log('tick of a tick'));
});
console.log('first');
