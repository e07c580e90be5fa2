//: what     ends the process before a function could be looked for
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
const solve = (() => process.exit(0))();
