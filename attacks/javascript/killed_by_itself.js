//: what     SIGKILL by its own hand is no limit
//: expect   runtime_error
//: error    SIGKILL
process.kill(process.pid, 'SIGKILL');
