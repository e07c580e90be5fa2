//: what     ends with status 0 in the middle of waiting
//: id       A-129
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
setTimeout(() => process.exit(0), 10);
await new Promise(() => {});
return 'never';
