//: what     waits and waits, and nothing else ever gets its turn
//: mode     function
//: limits   cpu_time_ms=400
//: expect   time_limit
setTimeout(() => process.exit(0), 0);
for (;;) await null;
