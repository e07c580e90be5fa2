//: what     spins for ever
//: id       A-004
//: control  cpu_time
//: limits   cpu_time_ms=300 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
for (;;);
