//: what     two boxes at the same time wait at, and wake, an address in a page of a file that both are shown
//: id       A-088
//: known    docs/threat-model.md
//: copies   2
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// The kernel finds those who wait in a page of a file by the file and the place in it, also where the mapping is private
// but the page has not been changed.
static int meet(int kind, const char *name) {
    int file = open("/usr/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY);
    unsigned *page = mmap(NULL, 4096, PROT_READ, kind, file, 0);
    if (file < 0 || page == MAP_FAILED) {
        // To refuse the mapping would be one way to hold; the file must be there.
        return file < 0 ? printf("ESCAPED nothing: no library\n") : 0;
    }
    struct timespec now, moment = {0, 20000000};
    clock_gettime(CLOCK_MONOTONIC, &now);
    int woken = 0, told = 0;
    for (long end = now.tv_sec + 2; now.tv_sec < end; clock_gettime(CLOCK_MONOTONIC, &now)) {
        woken += syscall(SYS_futex, page + 64, FUTEX_WAKE, 1, NULL, NULL, 0) > 0;
        told += syscall(SYS_futex, page + 64, FUTEX_WAIT, page[64], &moment, NULL, 0) == 0;
    }
    if (woken > 0 || told > 0) {
        printf("ESCAPED woke another %d times, was woken %d times, %s\n", woken, told, name);
    }
    return woken > 0 || told > 0;
}

int main(void) {
    int shared = meet(MAP_SHARED, "shared mapping"), private = meet(MAP_PRIVATE, "private mapping");
    if (!shared && !private) {
        puts("held");
    }
}
