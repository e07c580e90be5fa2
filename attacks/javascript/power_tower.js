//: what     a tower of powers, whose value would fill the memory of the world
//: id       A-024
//: control  cpu_time
//: mode     function
//: limits   cpu_time_ms=500 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
const nine = BigInt(input_str) + 5n;
return nine ** nine ** nine ** nine;
