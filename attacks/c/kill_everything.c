//: what     kills every number there can be and every group, by every call there is: there is nobody to be found
//: id       A-044
//: control  pid_namespace
//: limits   cpu_time_ms=8000
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int reached;

// PID 1 may be known but not be reached; of all others nothing may be known.
static void refused(long result, int right, const char *call, int pid) {
    if (result != -1 || errno != right) {
        if (reached++ < 20) {
            printf("ESCAPED %s of %d: %ld, errno %d\n", call, pid, result, errno);
        }
    }
}

int main(void) {
    if (getuid() == 0 || getppid() != 1) {
        // Nothing is killed where it would do harm.
        printf("ESCAPED user %d, parent %d\n", getuid(), getppid());
        return 0;
    }
    for (int signal = 0; signal <= SIGSTOP; signal++) {
        refused(kill(1, signal), EPERM, "kill", 1);
        refused(syscall(SYS_tgkill, 1, 1, signal), EPERM, "tgkill", 1);
        refused(syscall(SYS_tkill, 1, signal), EPERM, "tkill", 1);
        long handle = syscall(SYS_pidfd_open, 1, 0);
        refused(handle < 0 ? handle : syscall(SYS_pidfd_send_signal, handle, signal, NULL, 0), EPERM, "pidfd_send_signal", 1);
        close(handle);
    }
    // The largest number the kernel can give.
    for (int pid = 2; pid <= 4194304; pid++) {
        if (pid != getpid()) {
            refused(kill(pid, SIGKILL), ESRCH, "kill", pid);
        }
    }
    for (int pid = 2; pid <= 40000; pid++) {
        if (pid != getpid()) {
            refused(syscall(SYS_tgkill, pid, pid, SIGKILL), ESRCH, "tgkill", pid);
            refused(kill(-pid, SIGSTOP), ESRCH, "kill of the group", pid);
        }
    }
    // Neither itself nor PID 1.
    refused(kill(-1, SIGSTOP), ESRCH, "kill", -1);
    refused(kill(-1, SIGKILL), ESRCH, "kill", -1);
    signal(SIGTERM, SIG_IGN);
    if (kill(0, SIGTERM) != 0) {
        puts("its own group can not be reached");
        reached++;
    }
    if (reached == 0) {
        puts("held");
    }
}
