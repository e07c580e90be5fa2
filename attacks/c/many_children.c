//: what     a hundred thousand children one after the other, each with a millisecond of work: the sum counts
//: id       A-008
//: control  cpu_time
//: limits   cpu_time_ms=400 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    for (int count = 0; count < 100000; count++) {
        if (fork() == 0) {
            while (clock() < CLOCKS_PER_SEC / 1000) {
            }
            _exit(0);
        }
        wait(NULL);
    }
}
