//: what     leaves a right answer and fails: the failure counts
//: id       A-126
//: mode     function
//: expect   runtime_error
//: error    IllegalStateException: failed
java.nio.file.Files.writeString(java.nio.file.Path.of("/answer"), "=16");
throw new IllegalStateException("failed");
