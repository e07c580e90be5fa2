//: what     code that defines the function itself, with helpers and a main part that is not run: benign
//: id       A-133
//: mode     function
//: expect   ok
//: output   24
'use strict';

const multiply = (a, b) => a * b;

function solve(input_str) {
  return Array.from({ length: Number(input_str) }, (_, index) => index + 1).reduce(multiply, 1);
}

if (require.main === module) {
  console.log(solve(require('fs').readFileSync(0, 'utf8')));
}

module.exports = { solve };
