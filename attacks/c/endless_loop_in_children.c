//: what     the main process sleeps, a grandchild in a session of its own spins: its CPU time counts
//: id       A-007
//: control  cpu_time
//: limits   cpu_time_ms=300 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
#include <unistd.h>

int main(void) {
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            for (volatile int i = 0;; i++) {
            }
        }
        _exit(0);
    }
    sleep(60);
}
