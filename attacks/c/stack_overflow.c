//: what     recursion without end
//: id       A-021
//: expect   runtime_error
//: error    SIGSEGV
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
