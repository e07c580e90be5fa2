//: what     writes something to the answer's file that no harness would, and ends
//: id       A-126
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
java.nio.file.Files.writeString(java.nio.file.Path.of("/answer"), "{\"verdict\":\"ok\"}");
Runtime.getRuntime().halt(0);
return "never";
