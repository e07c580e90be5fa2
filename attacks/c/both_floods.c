//: what     fills the error output exactly to its cap, which takes nothing from the other cap; then floods both in turn
//: id       A-027
//: control  output
//: limits   output_bytes=100000
//: expect   output_limit
//: length   100000
#include <string.h>
#include <unistd.h>

static char block[1000];

static void put(int descriptor, int count) {
    for (; count > 0; count--) {
        if (write(descriptor, block, sizeof block) != sizeof block) {
            _exit(1);
        }
    }
}

int main(void) {
    memset(block, 'x', sizeof block);
    put(2, 100);
    put(1, 100);
    for (;;) {
        put(2, 1);
        put(1, 1);
    }
}
