//: what     replaces the class of errors and fails
//: id       A-130
//: mode     function
//: expect   runtime_error
globalThis.Error = globalThis.TypeError = undefined;
return null.length;
