//: what     allocates and touches memory until stopped
//: id       A-015
//: control  memory
//: limits   memory_kib=65536
//: expect   memory_limit
//: peak_kib 68812
#include <stdlib.h>
#include <string.h>

int main(void) {
    for (;;) {
        char *volatile block = malloc(1 << 20);
        if (block != NULL) {
            memset(block, 1, 1 << 20);
        }
    }
}
