//: what     waits and waits, and nothing else ever gets its turn
//: id       A-004
//: control  cpu_time
//: mode     function
//: limits   cpu_time_ms=400 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
setTimeout(() => process.exit(0), 0);
for (;;) await null;
