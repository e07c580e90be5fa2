//: what     spins for ever
//: limits   cpu_time_ms=300
//: expect   time_limit
//: wall_ms  1500
for (;;);
