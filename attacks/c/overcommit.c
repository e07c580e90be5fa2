//: what     reserves 64 TiB, which costs nothing, and then touches a page here and there
//: id       A-016
//: control  memory
//: limits   memory_kib=65536
//: inputs   reserve;touch
//: expect   ok;memory_limit
//: output   reserved
//: peak_kib 68812
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>

int main(void) {
    const size_t length = 1ULL << 46;
    char *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) {
        return 1;
    }
    puts("reserved");
    fflush(stdout);
    if (getchar() == 't') {
        for (size_t place = 0; place < length; place += 2 << 20) {
            at[place] = 1;
        }
        puts("touched");
    }
}
