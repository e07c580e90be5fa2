//: what     an answer that is an answer that is an answer without end
//: id       A-134
//: mode     function
//: limits   cpu_time_ms=500
//: expect   time_limit|memory_limit
const again = {
  then(resolve) {
    resolve(again);
  },
};
return again;
