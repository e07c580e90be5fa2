//: what     a file of a tebibyte that holds nothing
//: expect   runtime_error
//: error    file too large|SIGXFSZ
const fs = require('fs');

fs.ftruncateSync(fs.openSync('/box/giant', 'w'), 2 ** 40);
