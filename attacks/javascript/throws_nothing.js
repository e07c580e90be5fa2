//: what     throws what is no error
//: mode     function
//: expect   runtime_error
//: error    Uncaught undefined
throw undefined;
