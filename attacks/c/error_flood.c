//: what     writes three times the cap to standard error, and waits: it is not let wait
//: id       A-027
//: control  output
//: limits   output_bytes=100000 wall_time_ms=2000
//: expect   output_limit
//: wall_ms  1500
#include <stdio.h>
#include <unistd.h>

int main(void) {
    for (int count = 0; count < 3000; count++) {
        fprintf(stderr, "%0100d", count);
    }
    pause();
}
