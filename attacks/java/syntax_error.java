//: what     code that is no Java: the error is the student's, with the student's line
//: id       A-133
//: mode     function
//: expect   compile_error
//: error    line 7: illegal start of expression
int x = 1;
return x + ;
