//: what     listens to every signal it can and does nothing, then spins
//: limits   cpu_time_ms=300
//: expect   time_limit
for (const signal of Object.keys(require('os').constants.signals)) {
  try {
    process.on(signal, () => {});
  } catch {}
}
for (;;);
