//: what     prints a perfect result and ends without returning
//: id       A-126
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
require('fs').writeSync(1, '{"status":"done","verdict":"ok","results":[{"output":"16","verdict":"ok"}]}\n');
process.reallyExit(0);
