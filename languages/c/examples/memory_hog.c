#include <stdlib.h>
#include <string.h>

int main(void) {
    size_t size = 1 << 20;
    for (;;) {
        char *volatile block = malloc(size);
        memset(block, 'x', size);
    }
}
