//: what     reads ten megabytes: benign
//: mode     function
//: input_bytes 10000000
//: expect   ok
//: output   10000000
return String.valueOf(input_str.length());
