//: what     leaves processes of every kind that is hard to end, and a socket behind which one waits for the next run
//: id       A-116
//: control  teardown
//: inputs   1;2;3
//: expect   ok
//: output   held
//: wall_ms  5000
#define _GNU_SOURCE
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static const struct sockaddr_un ADDRESS = {AF_UNIX, "\0waiting"};

static int left_by_others(void) {
    int found = 0, client = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(client, (const struct sockaddr *)&ADDRESS, sizeof ADDRESS) == 0) {
        found += printf("ESCAPED a socket with somebody behind it\n");
    }
    close(client);
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; processes != NULL && (entry = readdir(processes)) != NULL;) {
        int pid = atoi(entry->d_name);
        if (pid > 0 && pid != getpid()) {
            found += printf("ESCAPED process %d\n", pid);
        }
    }
    return processes == NULL ? printf("no /proc\n") : found + 0 * closedir(processes);
}

static void wait_for_ever(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (;;) {
        pause();
    }
}

int main(void) {
    int found = left_by_others();
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(server, (const struct sockaddr *)&ADDRESS, sizeof ADDRESS) != 0 || listen(server, 9) != 0) {
        found += printf("no socket\n");
    }
    for (int kind = 0; kind < 6; kind++) {
        // The last ones are children of PID 1 from the start.
        if (syscall(SYS_clone, (kind > 3 ? CLONE_PARENT : 0) | SIGCHLD, 0, 0, 0, 0) != 0) {
            continue;
        }
        if (setsid() < 0 || kind == 0) {
            signal(SIGHUP, SIG_IGN);
        }
        if (kind == 1) {
            kill(getpid(), SIGSTOP);
        } else if (kind == 2 && vfork() == 0) {
            // The one before it can not be woken before this one has ended.
            wait_for_ever();
        } else if (kind == 3 && fork() != 0) {
            _exit(0);
        }
        wait_for_ever();
    }
    usleep(20000);
    if (found == 0) {
        puts("held");
    }
}
