//: what     signals to PID 1 of the box are refused
//: id       A-044 A-045
//: control  uid+landlock
//: expect   ok
//: output   refused
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    int reached = getppid() != 1;
    for (int number = 0; number < 65; number++) {
        siginfo_t info = {.si_code = SI_QUEUE, .si_signo = number};
        if (kill(1, number) == 0 || syscall(SYS_tkill, 1, number) == 0 || syscall(SYS_rt_sigqueueinfo, 1, number, &info) == 0) {
            printf("%d reached it\n", number);
            reached++;
        }
    }
    puts(reached == 0 ? "refused" : "reached");
}
