#include <stdio.h>
// In a file that is included there would be no warnings after it.
#pragma GCC system_header
int main(void) {
    int nothing;
    puts("warned");
}
