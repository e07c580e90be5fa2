//: what     a process that the compiling leaves behind waits for the run, for its input and for the program to change
//: id       A-063
//: control  teardown+shared_scratch
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   ok
//: output   held
#if 0
[ -e /tmp/probe ] || { gcc -DPROBE -o /tmp/probe /code/solution.c && /tmp/probe; }
exec "$@"
#endif
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MARK "/tmp/still-there"

int main(void) {
#ifdef PROBE
    if (fork() != 0) {
        return 0;
    }
    setsid();
    for (int number = 1; number < 32; number++) {
        signal(number, number == SIGALRM ? SIG_DFL : SIG_IGN);
    }
    for (int descriptor = 0; descriptor < 256; descriptor++) {
        close(descriptor);
    }
    alarm(15);
    for (;;) {
        unlink(MARK);
        close(open(MARK, O_CREAT | O_WRONLY, 0666));
        int program = open("/code/solution", O_WRONLY);
        if (program >= 0) {
            write(program, "#!", 2);
        }
        usleep(20000);
    }
#else
    // With a scratch space of its own, and nobody left, no mark can appear.
    struct stat found;
    int seen = 0;
    for (int count = 0; count < 50; count++) {
        seen |= stat(MARK, &found) == 0;
        usleep(10000);
    }
    puts(seen ? "ESCAPED it is still there" : "held");
#endif
}
