console.log('before');
const text =
  Promise.reject(new TypeError('nobody looks'));
setTimeout(() => console.log('never'), 1000);
