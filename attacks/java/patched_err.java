//: what     replaces standard error and fails: the error is still told
//: id       A-130
//: mode     function
//: expect   runtime_error
//: error    IllegalStateException: told
System.setErr(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
throw new IllegalStateException("told");
