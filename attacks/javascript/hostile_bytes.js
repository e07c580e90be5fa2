//: what     bytes that are not text are shown as documented
//: id       A-031
//: expect   ok
//: output   a�b
require('fs').writeSync(1, Buffer.from([97, 255, 98]));
