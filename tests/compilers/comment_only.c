/*
#include <stdio.h>
*/
int puts(const char *text);
#ifdef _STDIO_H
#define HEADER "was read"
#else
#define HEADER "was not read"
#endif
int main(void) {
    puts(HEADER);
}
