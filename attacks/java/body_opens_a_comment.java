//: what     a body with a comment that never ends
//: mode     function
//: expect   compile_error
//: error    comment
return input_str; /* the end
