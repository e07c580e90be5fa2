//: what     changes paths, addresses and flags while calls that were given them are under way: nothing else is reached
//: id       A-102
//: control  host_files
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile char path[64];
static struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/tmp/nobody"};
static volatile unsigned long flags[11] = {[4] = SIGCHLD};
static volatile int is_over;

static void *flip(void *allowed) {
    static const char OTHER[] = "/var/tmp/code-runner-canary";
    for (unsigned turn = 0; !is_over; turn++) {
        const char *text = turn % 2 ? OTHER : allowed;
        for (unsigned i = 0; i < sizeof OTHER; i++) {
            path[i] = text[i];
        }
        *(volatile sa_family_t *)&address.sun_family = turn % 2 ? AF_INET : AF_UNIX;
        flags[0] = turn % 2 ? CLONE_NEWUSER : 0;
    }
    return NULL;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static int escaped;

static void reached(const char *what) {
    printf("ESCAPED %s: errno %d\n", what, errno);
    escaped++;
    is_over = 1;
}

// Nothing but a file of our own is ever opened.
static int open_once(void) {
    char text[4] = "";
    int file = open((const char *)path, O_RDONLY);
    if (file < 0) {
        return 0;
    }
    if (read(file, text, 3) != 3 || strcmp(text, "own") != 0) {
        reached("another file was opened");
    }
    close(file);
    return 1;
}

static void connect_once(void) {
    int local = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(local, (struct sockaddr *)&address, sizeof address) == 0) {
        reached("a socket was connected");
    }
    close(local);
}

// Flags behind a pointer are flags nobody can check: the calls that take them are not there.
static void clone_once(void) {
    if (syscall(SYS_clone3, flags, sizeof flags) != -1 || errno != ENOSYS) {
        reached("clone3");
    }
    if (syscall(437 /* openat2 */, AT_FDCWD, path, flags, 24) != -1 || errno != ENOSYS) {
        reached("openat2");
    }
}

int main(void) {
    static char own[64] = "/tmp/own";
    int file = open(own, O_WRONLY | O_CREAT, 0600), opened = 0, missed = 0;
    if (write(file, "own", 3) != 3) {
        return 1;
    }
    close(file);
    pthread_t flipper;
    pthread_create(&flipper, NULL, flip, own);
    for (double start = now(); now() - start < 0.5 && !is_over;) {
        open_once() ? opened++ : missed++;
        connect_once();
        clone_once();
    }
    is_over = 1;
    pthread_join(flipper, NULL);
    if (opened == 0 || missed == 0) {
        printf("no race: %d, %d\n", opened, missed);
    } else if (escaped == 0) {
        puts("held");
    }
}
