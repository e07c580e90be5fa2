//: what     a regular expression that tries everything
//: mode     function
//: limits   cpu_time_ms=1000
//: expect   time_limit
return String.valueOf(",".repeat(60).matches("(.*,){20}P"));
