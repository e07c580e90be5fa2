//: what     aborts like a broken runtime
//: expect   runtime_error
//: error    SIGABRT
process.abort();
