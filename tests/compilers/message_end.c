#include <stdio.h>
static const int never = 3;
int main(void) {
    for (int number = 0; number < 3; number++)
        puts("no brace follows");
