//: what     makes a child for PID 1 of the box, which ends well: the verdict is that of the program itself
//: id       A-136
//: expect   runtime_error
//: error    exit code 5
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    for (int count = 0; count < 5; count++) {
        if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0) {
            _exit(0);
        }
    }
    usleep(200000);
    _exit(5);
}
