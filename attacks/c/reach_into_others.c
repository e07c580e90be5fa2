//: what     traces, reads, writes and takes descriptors from the first process of the box, its parent and a child
//: id       A-094
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int escaped;
static char secret[16] = "a child's memory";

static void refused(const char *what, pid_t pid, long result, int is_refusal) {
    if (result != -1 || !is_refusal) {
        printf("ESCAPED %s of %d: %ld, errno %d\n", what, pid, result, errno);
        escaped++;
    }
}

// Calls that reach into another process are refused for every process, our own children too.
static void call(const char *what, pid_t pid, long number, long a, long b, long c, long d, long e, long f) {
    errno = 0;
    refused(what, pid, syscall(number, a, b, c, d, e, f), 1);
    if (errno != EPERM) {
        refused(what, pid, 0, 0);
    }
}

static void reach_into(pid_t pid) {
    char space[16];
    struct iovec own = {space, sizeof space}, other = {secret, sizeof secret};
    call("PTRACE_ATTACH", pid, SYS_ptrace, PTRACE_ATTACH, pid, 0, 0, 0, 0);
    call("PTRACE_SEIZE", pid, SYS_ptrace, PTRACE_SEIZE, pid, 0, 0, 0, 0);
    call("process_vm_readv", pid, SYS_process_vm_readv, pid, (long)&own, 1, (long)&other, 1, 0);
    call("process_vm_writev", pid, SYS_process_vm_writev, pid, (long)&own, 1, (long)&other, 1, 0);
    call("kcmp", pid, SYS_kcmp, getpid(), pid, 0, 0, 1, 0);
    call("migrate_pages", pid, SYS_migrate_pages, pid, 0, 0, 0, 0, 0);
    call("move_pages", pid, SYS_move_pages, pid, 0, 0, 0, 0, 0);
    int handle = syscall(SYS_pidfd_open, pid, 0);
    call("pidfd_getfd", pid, SYS_pidfd_getfd, handle, 0, 0, 0, 0, 0);
    call("process_madvise", pid, SYS_process_madvise, handle, (long)&other, 1, 20, 0, 0);
    call("process_mrelease", pid, 448, handle, 0, 0, 0, 0, 0);
    close(handle);
}

int main(void) {
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    pid_t pids[] = {1, getppid(), child};
    for (int i = 0; i < 3; i++) {
        reach_into(pids[i]);
    }
    // A child's files in /proc are our own; those of the first process are not there at all.
    static const char *FILES[] = {"mem", "maps", "environ", "cmdline", "status", "auxv",
                                  "syscall", "fd", "ns/pid", "cwd", "root", "exe"};
    for (unsigned i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/1/%s", FILES[i]);
        int file = open(path, O_RDONLY);
        refused(path, 1, file, errno == ENOENT);
        snprintf(path, sizeof path, "/proc/%d/%s", child, FILES[i]);
        if (access(path, F_OK) != 0) {
            printf("%s could not be tried\n", path);
        }
    }
    kill(child, SIGKILL);
    wait(NULL);
    if (escaped == 0) {
        puts("held");
    }
}
