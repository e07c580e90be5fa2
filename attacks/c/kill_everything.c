//: what     kills every number it can, by every call there is
//: expect   ok|runtime_error
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    kill(1, SIGSTOP);
    kill(1, SIGKILL);
    syscall(SYS_tgkill, 1, 1, SIGKILL);
    long handle = syscall(SYS_pidfd_open, 1, 0);
    syscall(SYS_pidfd_send_signal, handle, SIGKILL, 0, 0);
    for (int pid = 2; pid < 70000; pid++) {
        if (pid != getpid()) {
            kill(pid, SIGKILL);
        }
    }
    kill(-1, SIGKILL);
}
