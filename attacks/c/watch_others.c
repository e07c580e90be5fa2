//: what     asks to be told what others do with the files that all boxes share, and whether its own reading leaves a trace there
//: id       A-087
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int breaches;

static void refused(long result, const char *what) {
    if (result >= 0 || (errno != EPERM && errno != ENOSYS)) {
        printf("ESCAPED %s: %s\n", what, result >= 0 ? "worked" : strerror(errno));
        breaches++;
    }
}

int main(void) {
    refused(syscall(SYS_inotify_init), "inotify_init");
    refused(inotify_init1(IN_NONBLOCK), "inotify_init1");
    refused(inotify_add_watch(0, "/usr/lib/x86_64-linux-gnu", IN_ALL_EVENTS), "inotify_add_watch");
    unsigned classes[] = {FAN_CLASS_NOTIF, FAN_CLASS_CONTENT, FAN_CLASS_PRE_CONTENT, FAN_CLASS_NOTIF | FAN_REPORT_FID};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        refused(fanotify_init(classes[i] | FAN_NONBLOCK, O_RDONLY), "fanotify_init");
    }
    refused(fanotify_mark(0, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, "/usr/lib/x86_64-linux-gnu"), "fanotify_mark");
    const char *folders[] = {"/usr/lib/x86_64-linux-gnu", "/usr/bin", "/usr/include", "/code", "/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        int folder = open(folders[i], O_RDONLY | O_DIRECTORY);
        if (folder < 0) {
            printf("ESCAPED nothing: no %s\n", folders[i]);
            breaches++;
        }
        signal(SIGIO, SIG_IGN);
        refused(fcntl(folder, F_NOTIFY, DN_ACCESS | DN_MODIFY | DN_CREATE | DN_MULTISHOT), "F_NOTIFY");
    }
    // The time of the last access must not move: another box could read it.
    const char *files[] = {"/usr/include/stdio.h", "/usr/bin/cat", "/usr/lib/x86_64-linux-gnu/libc.so.6"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct stat before, after;
        char byte;
        int file = open(files[i], O_RDONLY);
        fstat(file, &before);
        usleep(20000);
        if (read(file, &byte, 1) != 1 || fstat(file, &after) != 0 || before.st_atim.tv_sec != after.st_atim.tv_sec ||
            before.st_atim.tv_nsec != after.st_atim.tv_nsec) {
            printf("ESCAPED reading leaves a time at %s\n", files[i]);
            breaches++;
        }
    }
    if (breaches == 0) {
        puts("held");
    }
}
