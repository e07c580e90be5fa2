#include_next <stdio.h>
int main(void) {
    puts("next");
}
