//: what     a byte every 50 ms until the wall: what was printed is kept
//: id       A-029
//: control  wall_time
//: limits   wall_time_ms=2000
//: expect   time_limit
//: error    longer than
//: output   0123456789
//: wall_ms  3000
const bytes = [...'0123456789'];
setInterval(() => (bytes.length > 0 ? process.stdout : process.stderr).write(bytes.shift() ?? '.'), 50);
