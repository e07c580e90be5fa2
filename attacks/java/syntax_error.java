//: what     code that is no Java: the error is the student's, with the student's line
//: mode     function
//: expect   compile_error
//: error    line 6: illegal start of expression
int x = 1;
return x + ;
