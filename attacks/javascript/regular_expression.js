//: what     a regular expression that tries everything
//: id       A-024
//: control  cpu_time
//: mode     function
//: limits   cpu_time_ms=400 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
return /^(a+)+$/.test('a'.repeat(50) + '!');
