//: what     waits for what never comes: the process ends without an answer
//: id       A-129
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
await new Promise(() => {});
return 'never';
