//: what     looks for the inputs of other runs in files, memory, descriptors, arguments and environment
//: id       A-125
//: control  shared_scratch
//: inputs   input-of-run-1;input-of-run-2;input-of-run-3
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char input[100];
static int found;

// Between spaces and `;` it is the header above, which is part of the code.
static void look(const char *place, const char *bytes, size_t length) {
    static const char WORDS[] = {'i' ^ 1, 'n' ^ 1, 'p' ^ 1, 'u' ^ 1, 't' ^ 1, '-' ^ 1, 'o' ^ 1, 'f' ^ 1, '-' ^ 1, 'r' ^ 1, 'u' ^ 1};
    for (size_t at = 1; at + 16 < length; at++) {
        size_t same = 0;
        while (same < sizeof WORDS && bytes[at + same] == (WORDS[same] ^ 1)) {
            same++;
        }
        char number = bytes[at + 13];
        int is_header = bytes[at - 1] == ' ' || bytes[at - 1] == ';';
        if (same == sizeof WORDS && number >= '1' && number <= '9' && number != input[13] && !is_header) {
            printf("ESCAPED %.14s in %s\n", bytes + at, place);
            found++;
            return;
        }
    }
}

static int look_into(const char *path, const struct stat *kind, int type, struct FTW *depth) {
    static char text[1 << 16];
    (void)depth;
    if (type == FTW_F && S_ISREG(kind->st_mode)) {
        int file = open(path, O_RDONLY);
        ssize_t length = file < 0 ? 0 : read(file, text + 1, sizeof text - 1);
        close(file);
        look(path, text, length > 0 ? length + 1 : 0);
    }
    return 0;
}

int main(int count, char **arguments) {
    ssize_t length = read(0, input, sizeof input - 1);
    if (length != 14) {
        puts("no input");
        return 0;
    }
    for (int descriptor = 0; descriptor < 1024; descriptor++) {
        char more[100] = "";
        ssize_t bytes = descriptor == 1 || descriptor == 2 ? 0 : read(descriptor, more + 1, sizeof more - 1);
        look("a descriptor", more, bytes > 0 ? bytes + 1 : 0);
    }
    if (count != 1) {
        found += printf("ESCAPED argument %s\n", arguments[1]);
    }
    for (char **word = environ; *word != NULL; word++) {
        look("the environment", *word, strlen(*word));
    }
    nftw("/box", look_into, 8, FTW_PHYS);
    nftw("/tmp", look_into, 8, FTW_PHYS);
    nftw("/dev/shm", look_into, 8, FTW_PHYS);
    nftw("/code", look_into, 8, FTW_PHYS);
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[300], access[8];
    for (unsigned long from, to; maps != NULL && fgets(line, sizeof line, maps) != NULL;) {
        if (sscanf(line, "%lx-%lx %7s", &from, &to, access) == 3 && access[0] == 'r' && strstr(line, "[v") == NULL) {
            look(line, (char *)from, to - from);
        }
    }
    if (maps == NULL) {
        found += printf("no /proc/self/maps\n");
    }
    FILE *own = fopen("/tmp/input", "w");
    fprintf(own, "\n%s-and-more\n", input);
    if (fclose(own) == 0 && found == 0) {
        puts("held");
    }
}
