//: what     throws what is no error
//: id       A-134
//: mode     function
//: expect   runtime_error
//: error    Uncaught undefined
throw undefined;
