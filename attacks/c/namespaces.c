//: what     asks for each kind of namespace by each call there is; threads and processes are still to be had
//: id       A-092
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
    const char *name;
    unsigned long flag;
} KINDS[] = {
    {"mnt", 0x20000},    {"cgroup", 0x2000000}, {"uts", 0x4000000},  {"ipc", 0x8000000},
    {"user", 0x10000000}, {"pid", 0x20000000},   {"net", 0x40000000}, {"time", 0x80},
};

// In a child of its own, for what succeeds changes who we are. `fine` is the errno of the box.
static int tries(const char *call, const char *name, long number, unsigned long first, unsigned long second, int fine) {
    int status = 0;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        errno = 0;
        long result = syscall(number, first, second, 0, 0, 0);
        _exit(result == -1 ? errno : 0);
    }
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == fine) {
        return 0;
    }
    printf("ESCAPED %s %s: status %x\n", call, name, status);
    return 1;
}

static void *thread(void *argument) {
    return argument;
}

int main(void) {
    int escaped = 0;
    for (unsigned i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        const char *name = KINDS[i].name;
        unsigned long flag = KINDS[i].flag;
        struct clone_args arguments = {.flags = flag, .exit_signal = SIGCHLD};
        char path[64];
        snprintf(path, sizeof path, "/proc/self/ns/%s", name);
        int own = open(path, O_RDONLY), self = syscall(SYS_pidfd_open, getpid(), 0);
        if (own < 0 || self < 0) {
            printf("%s could not be tried\n", name);
        }
        escaped += tries("unshare", name, SYS_unshare, flag, 0, EPERM);
        escaped += tries("unshare with user", name, SYS_unshare, flag | CLONE_NEWUSER, 0, EPERM);
        // The legacy call has no room for the flag of time namespaces.
        if (flag != 0x80) {
            escaped += tries("clone", name, SYS_clone, flag | SIGCHLD, 0, EPERM);
            escaped += tries("clone, high bits", name, SYS_clone, flag | SIGCHLD | 1UL << 32, 0, EPERM);
        }
        escaped += tries("clone3", name, SYS_clone3, (unsigned long)&arguments, sizeof arguments, ENOSYS);
        escaped += tries("setns", name, SYS_setns, own, flag, EPERM);
        escaped += tries("setns by process", name, SYS_setns, self, flag, EPERM);
        close(own);
        close(self);
    }
    pthread_t started;
    void *returned = NULL;
    int status = 1, is_ordinary = pthread_create(&started, NULL, thread, &status) == 0 && pthread_join(started, &returned) == 0;
    if (fork() == 0) {
        _exit(0);
    }
    wait(&status);
    if (!is_ordinary || returned != &status || status != 0) {
        puts("no ordinary thread or process");
    } else if (escaped == 0) {
        puts("held");
    }
}
