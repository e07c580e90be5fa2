#include <stdio.h>

int main(void) {
    char line[80];
    extern char *gets(char *);
    return gets(line) == NULL;
}
