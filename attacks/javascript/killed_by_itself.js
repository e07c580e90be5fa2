//: what     SIGKILL by its own hand is no limit
//: id       A-136
//: expect   runtime_error
//: error    SIGKILL
process.kill(process.pid, 'SIGKILL');
