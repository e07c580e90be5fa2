try {
  require('lodash');
} catch ({ code, requireStack }) {
  console.log(code, requireStack);
}
console.log(require('node:path') === require('path'), Object.keys(require.cache).includes(__filename));
