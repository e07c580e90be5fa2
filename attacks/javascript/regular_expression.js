//: what     a regular expression that tries everything
//: mode     function
//: limits   cpu_time_ms=400
//: expect   time_limit
return /^(a+)+$/.test('a'.repeat(50) + '!');
