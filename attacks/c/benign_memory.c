//: what     64 MiB of live data; mappings that are made, grown, protected and given back: benign
//: id       G-04 G-12
//: limits   memory_kib=131072
//: expect   ok
//: output   67108864 1000
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
    size_t size = 64 << 20, mapped = 0;
    char *block = malloc(size);
    memset(block, 1, size);
    for (int round = 0; round < 1000; round++) {
        char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        page[0] = 1;
        page = mremap(page, 4096, 8192, MREMAP_MAYMOVE);
        page[8191] = 1;
        mapped += page[0] == 1 && mprotect(page, 8192, PROT_READ) == 0 && munmap(page, 8192) == 0;
    }
    size_t sum = 0;
    for (size_t at = 0; at < size; at++) {
        sum += block[at];
    }
    printf("%zu %zu\n", sum, mapped);
}
