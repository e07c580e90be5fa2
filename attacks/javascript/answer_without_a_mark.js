//: what     writes something to the answer's file that no harness would, and ends
//: id       A-126
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
require('fs').writeFileSync('/answer', '{"verdict":"ok"}');
process.exit(0);
