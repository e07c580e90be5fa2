// Asks whether this file is included, in words that are not there.
#include <stdio.h>
#define PASTED(one, other) one##other
int main(void) {
    printf("%d\n", PASTED(__INCLUDE_LE, VEL__));
}
