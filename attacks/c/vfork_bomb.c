//: what     processes that share the memory of the one before them, without end
//: id       A-001 A-013
//: control  processes
//: limits   cpu_time_ms=500 processes=20 wall_time_ms=3000
//: expect   time_limit
//: tasks    21
#define _GNU_SOURCE
#include <unistd.h>

int main(void) {
    for (;;) {
        if (vfork() < 0) {
            setsid();
        }
    }
}
