//: what     a tower of powers, whose value would fill the memory of the world
//: id       A-024
//: control  cpu_time
//: mode     function
//: limits   cpu_time_ms=1500 wall_time_ms=8000
//: expect   time_limit
//: error    CPU time
java.math.BigInteger nine = new java.math.BigInteger(input_str).add(java.math.BigInteger.valueOf(5));
return nine.pow(nine.pow(9).intValueExact()).toString();
