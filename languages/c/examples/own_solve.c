#include <string.h>

static size_t twice(const char *text) {
    return 2 * strlen(text) + 1;
}

char *solve(const char *text) {
    char *answer = malloc(twice(text));
    return strcat(strcpy(answer, text), text);
}
