//: what     a child that takes orphans in, can not be looked into, dies with nobody and has the server's name with control characters in it
//: id       A-046
//: control  teardown
//: expect   ok
//: output   done
//: wall_ms  3000
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void) {
    static const char *names[] = {"code-runner", "code-\033[31m\rrun", "a\n<4>[0] oops", "\xff\xfe) S 1 (%s%n"};
    for (int count = 0; count < 4; count++) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, 0);
            prctl(PR_SET_CHILD_SUBREAPER, 1);
            prctl(PR_SET_DUMPABLE, 0);
            prctl(PR_SET_NAME, names[count]);
            setsid();
            signal(SIGTERM, SIG_IGN);
            fork();
            for (volatile int i = 0;; i++) {
            }
        }
    }
    prctl(PR_SET_PDEATHSIG, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_NAME, names[1]);
    usleep(50000);
    puts("done");
}
