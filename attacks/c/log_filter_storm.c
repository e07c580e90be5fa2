//: what     would have the kernel write a line for each of its calls, by a filter of its own, under a name of two lines
//: id       A-100 A-106
//: control  seccomp
//: limits   cpu_time_ms=1000
//: expect   ok
//: output   held
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    struct sock_filter lines[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof lines / sizeof lines[0], lines};
    prctl(PR_SET_NAME, "a name\nof two\033[31m");
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &program) == 0) {
        puts("ESCAPED: the log can be filled");
        return 0;
    }
    for (int i = 0; i < 1000; i++) {
        syscall(SYS_getppid);
    }
    puts("held");
}
