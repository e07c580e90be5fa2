/* A comment that ends where one may not expect it *\
/
#define _GNU_SOURCE
#include <stdio.h>
#ifdef __USE_GNU
#define EXTENSIONS "extensions"
#else
#define EXTENSIONS "no extensions"
#endif
int main(void) {
    puts(EXTENSIONS);
}
