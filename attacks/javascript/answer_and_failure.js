//: what     leaves a right answer and fails: the failure counts
//: id       A-126
//: mode     function
//: expect   runtime_error
//: error    Error: failed
require('fs').writeFileSync('/answer', '=16');
throw new Error('failed');
