//: what     leaves processes in sessions of their own behind, some that hold the output open and some that close everything and spin, and ends
//: id       A-041
//: control  teardown
//: expect   ok
//: output   done
//: wall_ms  3000
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    for (int count = 0; count < 10; count++) {
        if (fork() == 0) {
            setsid();
            signal(SIGHUP, SIG_IGN);
            signal(SIGTERM, SIG_IGN);
            if (fork() == 0) {
                if (count % 2 == 0) {
                    close(0);
                    close(1);
                    close(2);
                    for (volatile int i = 0;; i++) {
                    }
                }
                for (;;) {
                    pause();
                }
            }
            _exit(0);
        }
    }
    puts("done");
}
