//: what     opens what is being executed for writing: itself, PID 1, loader and libraries, before main and after an exec
//: id       A-084
//: control  readonly+landlock+uid
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static int breaches, looked_at;

// Opening for writing is enough; nothing is written.
static void try_open(const char *path) {
    int flags[] = {O_WRONLY, O_RDWR, O_WRONLY | O_APPEND};
    looked_at += access(path, F_OK) == 0;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        int file = open(path, flags[i]);
        if (file >= 0) {
            printf("ESCAPED may write %s\n", path);
            breaches++;
            close(file);
        }
    }
}

// By way of a descriptor that only names the file.
static void try_reopen(const char *path) {
    char link[40];
    int named = open(path, O_PATH);
    if (named >= 0) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", named);
        try_open(link);
        snprintf(link, sizeof link, "/dev/fd/%d", named);
        try_open(link);
        close(named);
    }
}

static void try_all(void) {
    const char *paths[] = {"/proc/self/exe", "/proc/1/exe", "/proc/self/root/code/solution", "/code/solution",
                           "/lib64/ld-linux-x86-64.so.2", "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
                           "/lib/x86_64-linux-gnu/libc.so.6", "/lib/x86_64-linux-gnu/libm.so.6", "/usr/bin/sh"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        try_open(paths[i]);
        try_reopen(paths[i]);
    }
}

__attribute__((constructor)) static void before_main(void) {
    try_all();
}

int main(int count, char **arguments) {
    if (count > 1) {
        // The program's own file is not being executed any more: this is a copy of it without a name.
        char link[40];
        snprintf(link, sizeof link, "/proc/self/fd/%s", arguments[1]);
        try_open(link);
        try_open("/code/solution");
        if (looked_at < 10) {
            puts("ESCAPED nothing: the files were not there");
        } else if (breaches == 0) {
            puts("held");
        }
        return 0;
    }
    if (breaches > 0) {
        return 0;
    }
    char number[20];
    int own = open("/proc/self/exe", O_PATH), read = open("/proc/self/exe", O_RDONLY), copy = memfd_create("copy", MFD_CLOEXEC);
    struct stat status;
    fstat(read, &status);
    sendfile(copy, read, NULL, status.st_size);
    close(read);
    snprintf(number, sizeof number, "%d", own);
    fexecve(copy, (char *[]){arguments[0], number, NULL}, (char *[]){NULL});
    puts("ESCAPED nothing: no copy of it could be started");
}
