//: what     wants to be the judge of refused calls, to have them trapped, and to have them logged: no filter of its own is taken
//: id       A-100
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_refused(long result) {
    return result == -1 && errno == EPERM;
}

int main(void) {
    unsigned actions[] = {SECCOMP_RET_ALLOW, SECCOMP_RET_TRACE, SECCOMP_RET_LOG, SECCOMP_RET_TRAP, SECCOMP_RET_USER_NOTIF};
    unsigned flags[] = {0, SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_NEW_LISTENER};
    int escaped = 0;
    for (int i = 0; i < 5; i++) {
        struct sock_filter line = BPF_STMT(BPF_RET | BPF_K, actions[i]);
        struct sock_fprog program = {1, &line};
        for (int k = 0; k < 4; k++) {
            // Only a listener can be told; and only it may have that flag.
            if ((actions[i] == SECCOMP_RET_USER_NOTIF) != (flags[k] == SECCOMP_FILTER_FLAG_NEW_LISTENER)) {
                continue;
            }
            if (!is_refused(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags[k], &program))) {
                escaped += printf("ESCAPED seccomp with action %x, flags %x\n", actions[i], flags[k]);
            }
        }
        if (!is_refused(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))) {
            escaped += printf("ESCAPED prctl with action %x\n", actions[i]);
        }
    }
    if (!is_refused(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT)) || prctl(PR_GET_SECCOMP) != SECCOMP_MODE_FILTER) {
        escaped += printf("ESCAPED another mode\n");
    }
    if (!is_refused(syscall(SYS_unshare, 0x10000000))) {
        escaped += printf("ESCAPED unshare\n");
    }
    if (escaped == 0) {
        puts("held");
    }
}
