//: what     a program that needs 64 TiB before its first line
//: id       A-064
//: compile_options -mcmodel=large
//: expect   runtime_error
#include <stdio.h>

static volatile char block[1L << 46];

int main(void) {
    block[1L << 45] = 1;
    puts("started");
}
