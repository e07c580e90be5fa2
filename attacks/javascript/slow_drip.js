//: what     prints now and then until the wall: what was printed is kept
//: limits   wall_time_ms=800
//: expect   time_limit
//: output   first\nsecond
console.log('first');
console.log('second');
setInterval(() => {}, 50);
