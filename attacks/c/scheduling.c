//: what     asks for real time, a better priority for processor and disk, and every processor: nothing is granted
//: id       A-010
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <linux/types.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int reached;

static void refused(long result, const char *what) {
    if (result == 0 || (errno != EPERM && errno != EACCES)) {
        printf("ESCAPED %s: %ld, errno %d\n", what, result, errno);
        reached++;
    }
}

int main(void) {
    struct sched_param best = {.sched_priority = 1};
    refused(sched_setscheduler(0, SCHED_FIFO, &best), "SCHED_FIFO");
    refused(sched_setscheduler(0, SCHED_RR, &best), "SCHED_RR");
    refused(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &best), "SCHED_RESET_ON_FORK");
    struct {
        __u32 size, policy;
        __u64 flags;
        __s32 nice;
        __u32 priority;
        __u64 runtime, deadline, period;
    } attributes = {.size = 48, .policy = 6, .runtime = 10000000, .deadline = 20000000, .period = 20000000};
    refused(syscall(SYS_sched_setattr, 0, &attributes, 0), "SCHED_DEADLINE");
    attributes.policy = SCHED_OTHER;
    attributes.nice = -20;
    refused(syscall(SYS_sched_setattr, 0, &attributes, 0), "nice by sched_setattr");
    refused(setpriority(PRIO_PROCESS, 0, -20), "nice");
    refused(setpriority(PRIO_PROCESS, 1, 19), "nice of PID 1");
    refused(syscall(SYS_ioprio_set, 1, 0, 1 << 13 | 0), "real time for the disk");
    refused(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 0), "the best ordinary place for the disk");
    // All processors may be asked for; granted are those of the box.
    cpu_set_t before, all, after;
    memset(&all, 0xff, sizeof all);
    if (sched_getaffinity(0, sizeof before, &before) != 0 || sched_setaffinity(0, sizeof all, &all) != 0 ||
        sched_getaffinity(0, sizeof after, &after) != 0) {
        puts("the processors could not be asked for");
        reached++;
    }
    CPU_OR(&all, &before, &after);
    if (!CPU_EQUAL(&all, &before)) {
        puts("ESCAPED more processors");
        reached++;
    }
    refused(sched_setaffinity(1, sizeof before, &before), "processors of PID 1");
    if (reached == 0) {
        puts("held");
    }
}
