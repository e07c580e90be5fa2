//: what     ends with status 0 before the function is called
//: id       A-068 A-129
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
#include <unistd.h>

__attribute__((constructor)) static void at_the_start(void) {
    _exit(0);
}

const char *solve(const char *input_str) {
    return input_str;
}
