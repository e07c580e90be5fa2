#include <stdio.h>
#define TWICE(number) \
    (2 * (number))

int main(void) {
    printf("%d\n", TWICE(4));
}
