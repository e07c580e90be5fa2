//: what     puts a filter that allows everything on top of the one that is there: that one still refuses
//: id       A-100
//: control  seccomp
//: expect   ok
//: output   -1 1
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_filter trace = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG);
    struct sock_fprog programs[] = {{1, &allow}, {1, &trace}};
    for (int i = 0; i < 2; i++) {
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &programs[i]);
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &programs[i]);
    }
    errno = 0;
    long result = syscall(SYS_unshare, 0x10000000);
    printf("%ld %d\n", result, errno);
}
