//: what     sets a status and returns: an answer is an answer
//: mode     function
//: expect   ok
//: output   16
process.exitCode = 9;
return Number(input_str) ** 2;
