//: what     a body with a comment that never ends
//: mode     function
//: expect   compile_error
//: error    SyntaxError
return input_str; /* the end
