//: what     two boxes at the same time take locks that belong to an open file, in files that both are shown, and ask for the other's
//: id       A-088
//: known    docs/threat-model.md
//: control  seccomp
//: copies   2
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Long enough that the two are there at the same time.
enum { TOGETHER_MS = 1500 };

static long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(void) {
    const char *paths[] = {"/usr/include/stdio.h", "/usr/bin/cat", "/usr/lib/x86_64-linux-gnu/libc.so.6"};
    int breaches = 0;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        int file = open(paths[i], O_RDONLY);
        // A lock for reading wants no right to write. Each byte of the file has a lock, and so is a bit to say something with.
        struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 1000000, .l_len = 1};
        if (file < 0) {
            printf("ESCAPED nothing: no %s\n", paths[i]);
            breaches++;
        }
        if (fcntl(file, F_OFD_SETLK, &lock) != 0 && errno != EPERM) {
            printf("ESCAPED nothing: %s\n", strerror(errno));
            breaches++;
        }
        // Whoever asks for a lock for writing is told of locks for reading, but never of its own.
        for (long end = now_ms() + TOGETHER_MS / 3; now_ms() < end; usleep(1000)) {
            struct flock other = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1000000, .l_len = 1};
            if (fcntl(file, F_OFD_GETLK, &other) == 0 && other.l_type != F_UNLCK) {
                printf("ESCAPED sees a lock of process %d on %s\n", other.l_pid, paths[i]);
                breaches++;
                break;
            }
        }
    }
    // Both stay until the other has looked.
    usleep(300000);
    if (breaches == 0) {
        puts("held");
    }
}
