//: what     fills /dev/shm, /tmp and the work folder with files that are gone but still mapped, then uses memory without a place
//: id       A-018
//: control  files
//: limits   memory_kib=65536 file_bytes=8388608
//: expect   memory_limit
//: output   refused
//: peak_kib 68812
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

static char block[1 << 16];

// Bytes that fit into a file; it is unlinked, and stays in use by being mapped.
static long fill(const char *path) {
    long length = 0, written = 0;
    int file = open(path, O_CREAT | O_RDWR, 0600);
    while ((written = write(file, block, sizeof block)) > 0) {
        length += written;
    }
    if (errno != ENOSPC && errno != EFBIG) {
        printf("%s: errno %d\n", path, errno);
    }
    if (length > 0) {
        mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    unlink(path);
    close(file);
    return length;
}

int main(void) {
    signal(SIGXFSZ, SIG_IGN);
    memset(block, 1, sizeof block);
    long all = fill("/dev/shm/fill") + fill("/tmp/fill") + fill("/box/fill");
    puts(all > 0 && all <= 8388608 ? "refused" : "ESCAPED the size of the scratch space");
    fflush(stdout);
    for (;;) {
        int segment = shmget(IPC_PRIVATE, 1 << 20, IPC_CREAT | 0600), file = memfd_create("fill", 0);
        char *at = segment < 0 ? (char *)-1 : shmat(segment, NULL, 0);
        if (at != (char *)-1) {
            memset(at, 1, 1 << 20);
            shmctl(segment, IPC_RMID, NULL);
        }
        for (int count = 0; count < 16 && write(file, block, sizeof block) > 0; count++) {
        }
        if (file >= 0) {
            mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            close(file);
        }
    }
}
