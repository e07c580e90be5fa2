//: what     lets itself be traced, traces children of its own and leaves them where they stopped
//: id       A-049
//: control  seccomp
//: expect   ok
//: output   held
//: wall_ms  3000
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static int refused(long result, const char *what) {
    if (result == -1 && errno == EPERM) {
        return 1;
    }
    printf("ESCAPED %s: %ld, errno %d\n", what, result, errno);
    fflush(stdout);
    return 0;
}

int main(void) {
    int held = 1, status = 0;
    if (fork() == 0) {
        int refusal = refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL), "PTRACE_TRACEME");
        if (!refusal) {
            // Stopped, and nobody lets it go on.
            raise(SIGSTOP);
        }
        _exit(!refusal);
    }
    held &= waitpid(-1, &status, WUNTRACED) > 0 && status == 0;
    for (int by_seize = 0; by_seize < 2; by_seize++) {
        pid_t child = fork();
        if (child == 0) {
            for (;;) {
                pause();
            }
        }
        held &= refused(by_seize ? ptrace(PTRACE_SEIZE, child, NULL, PTRACE_O_EXITKILL) : ptrace(PTRACE_ATTACH, child, NULL, NULL),
                        by_seize ? "PTRACE_SEIZE" : "PTRACE_ATTACH");
    }
    held &= refused(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL), "PTRACE_ATTACH of the parent");
    held &= refused(ptrace(PTRACE_ATTACH, 1, NULL, NULL), "PTRACE_ATTACH of PID 1");
    if (held) {
        puts("held");
    }
}
