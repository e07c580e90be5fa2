//: what     prints characters of three bytes for ever: the one that the cap cuts in half is left out
//: id       A-031
//: control  output
//: limits   output_bytes=100000
//: expect   output_limit
//: length   99999
#include <stdio.h>

int main(void) {
    for (;;) {
        fputs("\xe2\x82\xac", stdout);
    }
}
