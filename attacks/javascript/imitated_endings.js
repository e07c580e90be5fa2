//: what     ends with the status and signals that mean limits elsewhere
//: id       A-136
//: expect   runtime_error
//: error    exit code 137
process.exit(137);
