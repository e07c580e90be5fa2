#include <stdio.h>

static const int unused_constant = 1;
static int unused_number;
static int unused_function(void) { return 2; }
#define UNUSED 3

int main(void) {
    int number, unused_local;
    scanf("%d", &number);
    if (number = 4)
        printf("%s\n", number);
    return number
        + sizeof(int) > -1;
}
