//: what     a value that is never done with being text
//: id       A-134
//: mode     function
//: limits   cpu_time_ms=1000
//: expect   time_limit
static Object solve(String input_str) {
    return new Object() {
        @Override
        public String toString() {
            while (true) {
            }
        }
    };
}
