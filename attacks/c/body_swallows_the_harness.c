//: what     a body whose last line hides everything behind it from the compiler
//: id       A-133
//: mode     function
//: expect   compile_error
//: error    unterminated
return "first"; }
#if 0
