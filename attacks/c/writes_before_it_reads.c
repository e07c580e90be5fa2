//: what     writes a mebibyte before it reads the first byte of another: neither end waits for the other
//: id       A-038
//: input_bytes 1048576
//: expect   ok
//: length   1048576
//: wall_ms  5000
#include <stdio.h>
#include <unistd.h>

int main(void) {
    for (int count = 0; count < 1 << 20; count++) {
        putchar('x');
    }
    fflush(stdout);
    static char block[1 << 16];
    long total = 0;
    for (ssize_t some; (some = read(0, block, sizeof block)) > 0;) {
        total += some;
    }
    return total == 1 << 20 ? 0 : 1;
}
