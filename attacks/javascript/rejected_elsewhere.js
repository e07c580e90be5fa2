//: what     a promise that nobody waits for fails before the answer is there
//: id       A-129
//: mode     function
//: expect   runtime_error
//: error    Error: nobody waits
Promise.reject(new Error('nobody waits'));
await new Promise((resolve) => setTimeout(resolve, 50));
return 'late';
