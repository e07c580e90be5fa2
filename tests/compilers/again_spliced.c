// Asks whether this file is included, in words that go on in the next line.
#include <stdio.h>
int main(void) {
    printf("%d\n", __INCLUDE_LE\
VEL__);
}
