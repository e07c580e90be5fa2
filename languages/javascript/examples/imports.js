import assert from 'node:assert/strict';

const numbers = input_str.split(' ').map(Number);
assert(numbers.every(Number.isInteger));
return numbers.sort((a, b) => a - b).join(' ');
