// What <stdio.h> says depends on it.
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
