//: what     a regular expression that tries everything
//: id       A-024
//: control  cpu_time
//: mode     function
//: limits   cpu_time_ms=1000 wall_time_ms=8000
//: expect   time_limit
//: error    CPU time
return String.valueOf(",".repeat(60).matches("(.*,){20}P"));
