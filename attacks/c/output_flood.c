//: what     prints for ever
//: id       A-026
//: control  output
//: limits   output_bytes=100000
//: expect   output_limit
//: length   100000
//: wall_ms  3000
#include <stdio.h>

int main(void) {
    for (;;) {
        puts("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    }
}
