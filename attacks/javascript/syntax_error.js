//: what     code that is no JavaScript: the error is the student's, with the student's line
//: mode     function
//: expect   compile_error
//: error    line 6: SyntaxError
const x = 1
return x + ;
