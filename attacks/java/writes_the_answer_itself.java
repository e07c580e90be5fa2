//: what     leaves an answer itself and ends: it could have returned it
//: id       A-126
//: mode     function
//: expect   ok
//: output   own
java.nio.file.Files.writeString(java.nio.file.Path.of("/answer"), "=own");
Runtime.getRuntime().halt(0);
return "never";
