//: what     stops itself and its group instead of sleeping
//: limits   wall_time_ms=400
//: expect   time_limit
process.kill(0, 'SIGSTOP');
