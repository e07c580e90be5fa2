//: what     leaves an answer itself and ends: it could have returned it
//: id       A-126
//: mode     function
//: expect   ok
//: output   own
require('fs').writeFileSync('/answer', '=own');
process.exit(0);
