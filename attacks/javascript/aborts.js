//: what     aborts like a broken runtime
//: id       A-047 A-048
//: expect   runtime_error
//: error    SIGABRT
process.abort();
