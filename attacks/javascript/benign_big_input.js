//: what     reads ten megabytes: benign
//: mode     function
//: input_bytes 10000000
//: expect   ok
//: output   10000000
return input_str.length;
