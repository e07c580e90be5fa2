//: what     sleeps for half of its time: benign
//: id       G-10
//: limits   wall_time_ms=2000 cpu_time_ms=500
//: expect   ok
//: output   slept
setTimeout(() => console.log('slept'), 1000);
