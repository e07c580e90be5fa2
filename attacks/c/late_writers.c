//: what     exit handlers, destructors and threads that would change the answer after it was given
//: id       A-135
//: mode     function
//: expect   ok
//: output   first
#include <pthread.h>
#include <unistd.h>

static void overwrite(void) {
    FILE *file = fopen("/answer", "w");
    fputs("=second", file);
    fclose(file);
}

static void *later(void *nothing) {
    sleep(30);
    overwrite();
    return nothing;
}

__attribute__((destructor)) static void at_the_end(void) {
    overwrite();
}

const char *solve(const char *input_str) {
    pthread_t thread;
    atexit(overwrite);
    pthread_create(&thread, NULL, later, NULL);
    return "first";
}
