//: what     prints a perfect result and ends without returning
//: id       A-126
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
System.out.println("{\"status\":\"done\",\"verdict\":\"ok\",\"results\":[{\"output\":\"16\",\"verdict\":\"ok\"}]}");
Runtime.getRuntime().halt(0);
return "never";
