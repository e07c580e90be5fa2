//: what     waits, where no signal but one is heard, for a child that neither ends nor starts a program
//: id       A-013
//: control  wall_time
//: limits   wall_time_ms=400
//: expect   time_limit
//: error    ran for longer
//: wall_ms  1400
#define _GNU_SOURCE
#include <unistd.h>

int main(void) {
    if (vfork() == 0) {
        for (;;) {
            pause();
        }
    }
}
