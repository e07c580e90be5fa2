//: what     reserves, writes and stretches files far beyond what it may: each refused at the cap
//: id       A-032
//: control  files
//: limits   file_bytes=1048576
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int escaped;

static void expect_refused(const char *what, int worked) {
    if (worked || (errno != ENOSPC && errno != EFBIG)) {
        printf("ESCAPED %s, errno %d\n", what, worked ? 0 : errno);
        escaped = 1;
    }
}

int main(void) {
    static char block[1 << 16];
    signal(SIGXFSZ, SIG_IGN);
    int file = open("/box/fill", O_CREAT | O_RDWR, 0600);
    if (file < 0 || write(file, "x", 1) != 1) {
        return 1;
    }
    expect_refused("10 GiB reserved", fallocate(file, 0, 0, 10L << 30) == 0);
    expect_refused("4 MiB reserved", fallocate(file, 0, 0, 4 << 20) == 0);
    expect_refused("1 TiB stretched", ftruncate(file, 1L << 40) == 0);
    expect_refused("4 MiB stretched", ftruncate(file, 4 << 20) == 0);
    // Many files, each small enough: the space they share has an end as well.
    long written = 0;
    for (int number = 0; number < 160; number++) {
        char name[32];
        sprintf(name, number % 2 ? "/tmp/%d" : "/dev/shm/%d", number);
        int other = open(name, O_CREAT | O_WRONLY, 0600);
        ssize_t some = write(other, block, sizeof block);
        if (some <= 0) {
            break;
        }
        written += some;
    }
    expect_refused("10 MiB in small files", written > 1 << 20);
    puts(escaped ? "failed" : "held");
}
