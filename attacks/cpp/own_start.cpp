//: what     brings the very first function of a program, which spins: what it uses counts
//: id       A-068
//: control  cpu_time
//: limits   cpu_time_ms=300 wall_time_ms=4000
//: compile_options -nostartfiles
//: expect   time_limit
//: error    of CPU time
extern "C" void _start(void) {
    for (volatile unsigned count = 0;; count++) {
    }
}
