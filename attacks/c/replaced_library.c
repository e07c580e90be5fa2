//: what     brings its own functions of the library that the harness uses: only its own answer can suffer
//: id       A-068 A-132
//: mode     function
//: expect   runtime_error
//: error    the answer could not be written
#include <stdio.h>

FILE *fopen(const char *path, const char *mode) {
    return NULL;
}

const char *solve(const char *input_str) {
    return input_str;
}
