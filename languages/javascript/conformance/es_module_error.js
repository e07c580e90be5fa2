import assert from 'assert';
console.log('before');
assert.strictEqual(1, 2);
