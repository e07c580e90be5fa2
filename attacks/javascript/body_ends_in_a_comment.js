//: what     the last line of a body is a comment, which must not swallow what stands behind it: benign
//: id       A-133
//: mode     function
//: expect   ok
//: output   4
return input_str; // the end
