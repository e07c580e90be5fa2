//: what     a local variable of a gigabyte, on a stack of less
//: id       A-021
//: expect   runtime_error
//: error    SIGSEGV
#include <stdio.h>

static int far(int place) {
    volatile char block[1 << 30];
    for (int at = 0; at < 1 << 30; at += 4096) {
        block[at] = place;
    }
    return block[place];
}

int main(void) {
    printf("%d\n", far(5));
}
