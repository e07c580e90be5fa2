//: what     asks for more of everything than it was given
//: expect   ok
//: output   refused
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>

int main(void) {
    int raised = 0;
    for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
        struct rlimit limit;
        if (getrlimit(resource, &limit) != 0 || limit.rlim_max == RLIM_INFINITY) {
            continue;
        }
        limit.rlim_max++;
        if (setrlimit(resource, &limit) == 0 || prlimit(1, resource, &limit, NULL) == 0) {
            printf("%d was raised\n", resource);
            raised++;
        }
    }
    if (setpriority(PRIO_PROCESS, 0, -20) == 0) {
        puts("the priority was raised");
        raised++;
    }
    if (raised == 0) {
        puts("refused");
    }
}
