//: what     two boxes at the same time take leases on files that both are shown, to be told when the other opens them
//: id       A-088
//: control  seccomp
//: copies   2
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    int breaches = 0, kinds[] = {F_RDLCK, F_WRLCK};
    const char *paths[] = {"/usr/include/stdio.h", "/usr/bin/cat", "/etc/passwd", "/code/solution"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        for (int j = 0; j < 2; j++) {
            int file = open(paths[i], O_RDONLY);
            if (file < 0) {
                printf("ESCAPED nothing: no %s\n", paths[i]);
                breaches++;
            } else if (fcntl(file, F_SETLEASE, kinds[j]) == 0) {
                printf("ESCAPED has a lease of %s\n", paths[i]);
                breaches++;
            } else if (errno != EPERM) {
                printf("ESCAPED %s: %s\n", paths[i], strerror(errno));
                breaches++;
            }
            close(file);
        }
    }
    if (breaches == 0) {
        puts("held");
    }
}
