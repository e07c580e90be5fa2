//: what     sets a status and returns: an answer is an answer
//: id       A-129
//: mode     function
//: expect   ok
//: output   16
process.exitCode = 9;
return Number(input_str) ** 2;
