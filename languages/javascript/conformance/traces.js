function where() {
  return new Error('here').stack.split('\n').slice(0, 3).join('|');
}
console.log(where());
console.log(new Error().stack.includes('/warm/'), new Error().stack.split('\n').length < 10);
setImmediate(() => console.log(new Error('later').stack.split('\n')[1]));
