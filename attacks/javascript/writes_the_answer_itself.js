//: what     leaves an answer itself and ends: it could have returned it
//: mode     function
//: expect   ok
//: output   own
require('fs').writeFileSync('/answer', '=own');
process.exit(0);
