//: what     calls that reach outside of a box are refused, whatever they are given: each with EPERM or ENOSYS
//: id       A-095
//: control  seccomp
//: expect   ok
//: output   refused
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

struct call {
    const char *name;
    long number;
    unsigned long arguments[6];
};

#define CALL(name, ...) {#name, SYS_##name, {__VA_ARGS__}}
#define TEXT(text) ((unsigned long)(text))

int main(void) {
    static char space[4096];
    unsigned long at = (unsigned long)space;
    struct call calls[] = {
        CALL(ptrace, 0), CALL(ptrace, 16, 1), CALL(process_vm_readv, 1, at, 1, at, 1), CALL(process_vm_writev, 1, at, 1, at, 1),
        CALL(mount, TEXT("none"), TEXT("/tmp"), TEXT("tmpfs")), CALL(umount2, TEXT("/dev"), 2), CALL(chroot, TEXT("/tmp")),
        CALL(pivot_root, TEXT("/tmp"), TEXT("/tmp")), CALL(unshare, CLONE_NEWUSER), CALL(unshare, CLONE_NEWNS),
        CALL(unshare, CLONE_FILES), CALL(setns, 0, 0), CALL(clone, CLONE_NEWUSER | SIGCHLD), CALL(clone, CLONE_NEWNS | SIGCHLD),
        CALL(clone, CLONE_NEWPID | SIGCHLD), CALL(clone, CLONE_NEWNET | SIGCHLD), CALL(clone, CLONE_NEWIPC | SIGCHLD),
        CALL(clone, CLONE_NEWUTS | SIGCHLD), CALL(clone, CLONE_NEWCGROUP | SIGCHLD), CALL(clone3, at, 88), CALL(clone3, 0, 0),
        CALL(socket, 2, 1, 0), CALL(socket, 2, 2, 0), CALL(socket, 2, 3, 1), CALL(socket, 10, 1, 0), CALL(socket, 16, 3, 0),
        CALL(socket, 17, 3, 0), CALL(socket, 38, 5, 0), CALL(socket, 40, 1, 0), CALL(socketpair, 2, 1, 0, at),
        CALL(bpf, 0, at, 48), CALL(bpf, 5, at, 48), CALL(perf_event_open, at, 0, -1, -1, 0), CALL(userfaultfd, 0),
        CALL(userfaultfd, 1), CALL(io_uring_setup, 8, at), CALL(io_uring_enter, 0), CALL(io_uring_register, 0),
        CALL(keyctl, 0, -3), CALL(add_key, TEXT("user"), TEXT("a"), at, 1, -3), CALL(request_key, TEXT("user"), TEXT("a")),
        CALL(init_module, at, 1, at), CALL(finit_module, 0, at), CALL(delete_module, TEXT("a")), CALL(kexec_load, 0),
        CALL(reboot, 0xfee1dead, 672274793, 0), CALL(swapon, TEXT("/tmp")), CALL(swapoff, TEXT("/tmp")),
        CALL(sethostname, at, 1), CALL(setdomainname, at, 1), CALL(settimeofday, at), CALL(clock_settime, 0, at),
        CALL(clock_adjtime, 0, at), CALL(adjtimex, at), CALL(acct, 0), CALL(quotactl, 0), CALL(syslog, 2, at, 100), CALL(iopl, 3),
        CALL(ioperm, 0, 1, 1), CALL(modify_ldt, 1, at, 16), CALL(open_by_handle_at, 0, at), CALL(name_to_handle_at, -100),
        CALL(mknod, TEXT("/tmp/disk"), 0060644, 0x100), CALL(mknodat, -100, TEXT("/tmp/disk"), 0060644, 0x100),
        CALL(fsopen, TEXT("tmpfs")), CALL(fsmount, 0), CALL(fspick, -100, TEXT("/")), CALL(move_mount, 0), CALL(open_tree, -100),
        CALL(fanotify_init, 0), CALL(inotify_init1, 0), CALL(lookup_dcookie, 0), CALL(move_pages, 0), CALL(migrate_pages, 0),
        CALL(mbind, 0), CALL(set_mempolicy, 0), CALL(kcmp, 1, 1, 0), CALL(pidfd_getfd, 0), CALL(process_madvise, 0),
        CALL(vhangup, 0), CALL(personality, 0x0400000), CALL(ioctl, 0, 0x5412, at), CALL(ioctl, 0, 0x541c, at),
        CALL(fcntl, 0, 15, 1), CALL(prctl, 8, 1), CALL(prctl, 24, 0), CALL(prctl, 28, 0), CALL(prctl, 35, 1, at),
        CALL(memfd_secret, 0), CALL(kexec_file_load, 0), CALL(fanotify_mark, 0), CALL(inotify_add_watch, 0, TEXT("/"), 1),
        CALL(quotactl_fd, 0), CALL(mount_setattr, -100), CALL(fsconfig, 0), CALL(process_mrelease, 0), CALL(uselib, TEXT("/")),
        CALL(sysfs, 3), CALL(ustat, 0), CALL(_sysctl, 0), CALL(create_module, 0), CALL(msgget, 1, 01600), CALL(sync, 0),
        CALL(syncfs, 0), CALL(nfsservctl, 0), CALL(get_kernel_syms, 0), CALL(query_module, 0), CALL(clock_adjtime, 1, at),
        CALL(set_mempolicy_home_node, 0), CALL(ioprio_set, 1, 0, 0), CALL(sched_setattr, 0, at),
        CALL(setxattr, TEXT("/box"), TEXT("user.a"), at, 1),
        CALL(openat2, -100, TEXT("/"), at, 24), CALL(flock, 0, 2), CALL(mq_open, TEXT("a"), 0102, 0600),
    };
    int reached = 0;
    for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        unsigned long *a = calls[i].arguments;
        errno = 0;
        long result = syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4], a[5]);
        if (result == 0 && calls[i].number == SYS_clone) {
            _exit(0);
        }
        if (result != -1 || (errno != EPERM && errno != ENOSYS)) {
            printf("%s(%lu, …) gave %ld, errno %d\n", calls[i].name, a[0], result, errno);
            reached++;
        }
    }
    if (reached == 0) {
        puts("refused");
    }
}
