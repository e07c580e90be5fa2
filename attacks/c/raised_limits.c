//: what     asks for more of everything than it was given, and for a say in the limits of its parent
//: id       A-011
//: control  uid
//: expect   ok
//: output   refused
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

int main(void) {
    int raised = 0, looked = 0;
    for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
        struct rlimit limit, old;
        if (getrlimit(resource, &limit) != 0 || limit.rlim_max == RLIM_INFINITY) {
            continue;
        }
        looked++;
        // What it has already: a limit of another process may not even be confirmed.
        if (prlimit(1, resource, NULL, &old) == 0 || errno != EPERM || prlimit(getppid(), resource, &limit, &old) == 0 || errno != EPERM) {
            printf("%d of PID 1 was reached\n", resource);
            raised++;
        }
        limit.rlim_max++;
        if (setrlimit(resource, &limit) == 0 || errno != EPERM || prlimit(getpid(), resource, &limit, NULL) == 0 || errno != EPERM) {
            printf("%d was raised\n", resource);
            raised++;
        }
    }
    if (setpriority(PRIO_PROCESS, 0, -20) == 0 || errno != EACCES) {
        puts("the priority was raised");
        raised++;
    }
    if (raised == 0 && looked >= 6) {
        puts("refused");
    }
}
