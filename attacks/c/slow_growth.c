//: what     grows past the limit in small steps with long rests, in which it might be swapped out
//: id       A-023
//: control  memory
//: limits   memory_kib=32768
//: expect   memory_limit
//: length   0
//: peak_kib 34406
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    for (int step = 0; step < 12; step++) {
        char *volatile block = malloc(4 << 20);
        memset(block, 1, 4 << 20);
        usleep(200000);
    }
    puts("48 MiB");
}
