//: what     leaves no standard output at all and returns
//: id       A-130
//: mode     function
//: expect   ok
//: output   16
System.setOut(null);
System.setErr(null);
return "16";
