//: what     a name is not looked up anywhere
//: expect   runtime_error
//: error    Error: getaddrinfo
require('net').connect(80, 'example.invalid');
