#: what     code that is no Python: the error is the student's, with the student's line
#: id       A-133
#: mode     function
#: expect   compile_error
#: error    SyntaxError
x = 1
return x +
