//: what     queues signals to its parent, to PID 1 and to itself until refused; then twenty thousand children end, half of them children of PID 1
//: id       A-045
//: control  rlimits
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int reached;

static void refused_by(pid_t target, const char *name) {
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++) {
        for (int count = 0; count < 100; count++) {
            siginfo_t info = {.si_code = SI_QUEUE, .si_signo = number};
            if (sigqueue(target, number, (union sigval){.sival_int = count}) == 0 || errno != EPERM ||
                syscall(SYS_rt_tgsigqueueinfo, target, target, number, &info) == 0 || errno != EPERM) {
                printf("ESCAPED a signal to %s, errno %d\n", name, errno);
                reached++;
                return;
            }
        }
    }
}

int main(void) {
    refused_by(1, "PID 1");
    refused_by(getppid(), "the parent");

    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    int queued = 0;
    while (queued < 100000 && sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = queued}) == 0) {
        queued++;
    }
    if (queued > 256 || errno != EAGAIN) {
        printf("ESCAPED %d signals that wait, errno %d\n", queued, errno);
        reached++;
    }
    for (int count = 0; count < 10000; count++) {
        pid_t child = vfork();
        if (child == 0) {
            _exit(0);
        }
        if (child > 0) {
            waitpid(child, NULL, 0);
        }
        // There may be no room before PID 1 has waited for those that it has.
        while ((child = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0)) < 0 && errno == EAGAIN) {
            sched_yield();
        }
        if (child == 0) {
            _exit(0);
        }
    }
    if (reached == 0) {
        puts("held");
    }
}
