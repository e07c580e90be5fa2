//: what     prints exactly what may be kept: benign
//: id       G-07
//: limits   output_bytes=100000
//: expect   ok
//: length   100000
#include <stdio.h>

int main(void) {
    for (int count = 0; count < 99999; count++) {
        putchar('x');
    }
    putchar('\n');
}
