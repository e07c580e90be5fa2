//: what     a thousand children without a parent, then as many unwaited ones as fit: the first are cleared away at once, the others with the box
//: id       A-043
//: control  teardown
//: expect   ok
//: output   held
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    for (int count = 0; count < 1000; count++) {
        int waited = 0, child;
        // PID 1 may need a moment.
        while ((child = fork()) < 0 && errno == EAGAIN && waited++ < 1000) {
            usleep(1000);
        }
        if (child < 0) {
            printf("nobody waits for orphans: %d, errno %d\n", count, errno);
            return 1;
        }
        if (child == 0) {
            // Tried until there is room: with no room there is no orphan.
            while ((child = fork()) < 0) {
                usleep(1000);
            }
            _exit(0);
        }
        wait(NULL);
    }
    int left = 0, child = 0;
    while (left < 1000 && (child = fork()) > 0) {
        left++;
    }
    if (child == 0) {
        _exit(0);
    }
    puts(left < 64 ? "held" : "ESCAPED the limit of processes");
}
