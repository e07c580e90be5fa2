//: what     ends with status 0 before it returns
//: id       A-129
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
System.exit(0);
return "16";
