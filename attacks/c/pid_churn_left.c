//: what     ends while chains of processes that each start the next one and end go on without it
//: id       A-002 A-041
//: control  teardown
//: expect   ok
//: output   done
//: wall_ms  3000
#include <stdio.h>
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
    usleep(100000);
    puts("done");
}
