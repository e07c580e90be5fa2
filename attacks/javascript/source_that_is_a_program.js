//: what     ends the process before a function could be looked for
//: id       A-129
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
const solve = (() => process.exit(0))();
