//: what     recursion without end
//: id       A-021
//: mode     function
//: expect   runtime_error
//: error    RangeError: Maximum call stack size exceeded
const f = (n) => f(n + 1) + 1;
return f(0);
