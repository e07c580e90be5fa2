//: what     two errors that are each other's cause
//: id       A-134
//: mode     function
//: limits   cpu_time_ms=1500
//: expect   runtime_error
//: error    java.lang.RuntimeException: first
RuntimeException first = new RuntimeException("first");
RuntimeException second = new RuntimeException("second", first);
first.initCause(second);
throw first;
