//: what     takes the place of the function the harness starts with: there can be only one
//: id       A-133
//: mode     function
//: expect   compile_error
#undef main
#include <unistd.h>

const char *solve(const char *input_str) {
    return input_str;
}

int main(void) {
    FILE *file = fopen("/answer", "w");
    fputs("=16", file);
    fclose(file);
    return 0;
}
