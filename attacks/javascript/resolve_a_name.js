//: what     a name is not looked up anywhere
//: id       A-107
//: expect   runtime_error
//: error    Error: getaddrinfo
require('net').connect(80, 'example.invalid');
