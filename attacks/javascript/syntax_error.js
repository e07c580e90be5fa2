//: what     code that is no JavaScript: the error is the student's, with the student's line
//: id       A-133
//: mode     function
//: expect   compile_error
//: error    line 7: SyntaxError
const x = 1
return x + ;
