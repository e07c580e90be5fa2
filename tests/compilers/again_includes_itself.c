// Twice, of which the second time by its name.
#if __INCLUDE_LEVEL__ == 0
#include <stdio.h>
static int sum(int first) {
    int number = first;
#include __FILE__
#include "solution.c"
    return number;
}
int main(void) { printf("%d\n", sum(1)); }
#else
number = number * 2 + __LINE__;
#endif
