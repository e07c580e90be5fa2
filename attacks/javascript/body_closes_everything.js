//: what     a body that closes what it takes to stand around it: it is compiled by itself, and nothing can be closed
//: id       A-133
//: mode     function
//: expect   compile_error
//: error    SyntaxError
return 'first'; }; }); globalThis.word = 'outer';
(function () { return function solve(input_str) {
return `${word} ${input_str}`;
