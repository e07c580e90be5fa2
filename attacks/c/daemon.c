//: what     leaves processes in sessions of their own behind that hold the output open, and ends
//: expect   ok
//: output   done
//: wall_ms  5000
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
                for (;;) {
                    pause();
                }
            }
            _exit(0);
        }
    }
    puts("done");
}
