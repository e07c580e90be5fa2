//: what     callbacks that each ask for the next, so that no timer ever comes
//: id       A-004
//: control  cpu_time
//: limits   cpu_time_ms=400 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
setTimeout(() => console.log('never'), 0);
const again = () => queueMicrotask(again);
again();
