//: what     sleeps ten times the wall limit
//: limits   wall_time_ms=400
//: expect   time_limit
//: error    ran for longer
setTimeout(() => {}, 4000);
