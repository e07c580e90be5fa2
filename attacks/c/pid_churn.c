//: what     processes that each start the next one and end, faster than a list of them can be read: none is left when the time is up
//: id       A-002
//: limits   cpu_time_ms=400 wall_time_ms=5000
//: expect   time_limit|memory_limit
//: error    CPU time|of memory
#include <time.h>
#include <unistd.h>

int main(void) {
    for (int chain = 0; chain < 8; chain++) {
        if (fork() == 0) {
            setsid();
            // Should nobody stop the chain, it stops itself.
            for (time_t end = time(NULL) + 10; time(NULL) < end;) {
                if (fork() > 0) {
                    _exit(0);
                }
            }
            _exit(0);
        }
    }
    for (;;) {
        pause();
    }
}
