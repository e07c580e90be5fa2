//: what     two errors that are each other's cause
//: mode     function
//: limits   cpu_time_ms=1500
//: expect   runtime_error|time_limit
RuntimeException first = new RuntimeException("first");
RuntimeException second = new RuntimeException("second", first);
first.initCause(second);
throw first;
