//: what     callbacks that each ask for the next, so that no timer ever comes
//: limits   cpu_time_ms=400
//: expect   time_limit
setTimeout(() => console.log('never'), 0);
const again = () => queueMicrotask(again);
again();
