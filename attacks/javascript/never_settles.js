//: what     waits for what never comes: the process ends without an answer
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
await new Promise(() => {});
return 'never';
