//: what     a text repeated two thousand million times
//: id       A-024
//: mode     function
//: expect   runtime_error
//: error    OutOfMemoryError
return input_str.repeat(Integer.MAX_VALUE);
