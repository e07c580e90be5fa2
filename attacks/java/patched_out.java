//: what     leaves no standard output at all and returns
//: mode     function
//: expect   ok|runtime_error
System.setOut(null);
System.setErr(null);
return "16";
