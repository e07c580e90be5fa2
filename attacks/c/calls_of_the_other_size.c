//: what     calls with the numbers of the x32 kind of programs, and with numbers that are none
//: id       A-096
//: control  seccomp
//: expect   ok
//: output   refused
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    unsigned long numbers[] = {39, 83, 101, 165, 272, 41, 321, 512, 520, 521, 541, 547};
    int reached = 0;
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        for (int high = 0; high < 3; high++) {
            static const unsigned long BITS[] = {0x40000000, 0x80000000, 0xffff0000};
            int status = 0;
            fflush(stdout);
            if (fork() == 0) {
                // A kernel that does not know them would say ENOSYS: it is not to be asked.
                long result = syscall(numbers[i] | BITS[high], 0, 0, 0, 0, 0, 0);
                _exit(result == -1 && errno == EPERM ? 0 : 1);
            }
            wait(&status);
            if (!WIFSIGNALED(status) && WEXITSTATUS(status) != 0) {
                printf("%lx got through\n", numbers[i] | BITS[high]);
                reached++;
            }
        }
    }
    if (reached == 0) {
        puts("refused");
    }
}
