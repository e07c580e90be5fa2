//: what     shows the whole environment, as given and as the kernel keeps it
//: id       A-070
//: control  environment
//: expect   ok
//: output   HOME=/box LANG=C.UTF-8 PATH=/usr/bin TMPDIR=/tmp same
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static int compare(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

int main(void) {
    char kept[65536];
    FILE *file = fopen("/proc/self/environ", "r");
    size_t bytes = file == NULL ? 0 : fread(kept, 1, sizeof kept, file), at = 0, count = 0;
    for (; environ[count] != NULL; count++) {
        size_t length = strlen(environ[count]) + 1;
        if (at + length > bytes || memcmp(kept + at, environ[count], length) != 0) {
            puts("the kernel keeps something else");
        }
        at += length;
    }
    qsort(environ, count, sizeof *environ, compare);
    for (size_t i = 0; i < count; i++) {
        printf("%s ", environ[i]);
    }
    puts(at == bytes ? "same" : "and more");
}
