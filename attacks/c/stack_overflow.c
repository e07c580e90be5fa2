//: what     recursion without end
//: expect   runtime_error|memory_limit
//: error    SIGSEGV|memory
#include <stdio.h>

static int deeper(volatile char *above) {
    volatile char here[4096];
    here[0] = above[0];
    return deeper(here) + here[0];
}

int main(void) {
    char first = 1;
    printf("%d\n", deeper(&first));
}
