//: what     two boxes at the same time take whole-file locks on files that both are shown, and look whether the other has them
//: id       A-088
//: control  seccomp
//: copies   2
//: expect   ok
//: output   held
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int main(void) {
    int breaches = 0;
    const char *paths[] = {"/usr/include/stdio.h", "/usr/bin/cat", "/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        int file = open(paths[i], O_RDONLY);
        if (file < 0) {
            printf("ESCAPED nothing: no %s\n", paths[i]);
            breaches++;
        }
        // Shared or exclusive: neither may be had, so that there is nothing for another box to find.
        if (flock(file, LOCK_SH | LOCK_NB) == 0 || flock(file, LOCK_EX | LOCK_NB) == 0) {
            printf("ESCAPED holds %s\n", paths[i]);
            breaches++;
        } else if (errno != EPERM) {
            printf("ESCAPED %s is held by another: %s\n", paths[i], strerror(errno));
            breaches++;
        }
    }
    if (breaches == 0) {
        puts("held");
    }
}
