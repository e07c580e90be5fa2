//: what     listens to every signal it can and does nothing, then spins
//: id       A-012
//: control  cpu_time
//: limits   cpu_time_ms=300 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
for (const signal of Object.keys(require('os').constants.signals)) {
  try {
    process.on(signal, () => {});
  } catch {}
}
for (;;);
