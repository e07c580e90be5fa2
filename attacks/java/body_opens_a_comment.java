//: what     a body with a comment that never ends
//: id       A-133
//: mode     function
//: expect   compile_error
//: error    comment
return input_str; /* the end
