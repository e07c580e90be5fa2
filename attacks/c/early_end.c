//: what     ends in the middle of the call for some of its inputs, in every way there is: the others do not suffer
//: id       A-129
//: mode     function
//: inputs   1;exit;_exit;quick_exit;pthread_exit;abort;kill;exec;9
//: expect   ok;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;ok
//: error    ;ended before;ended before;ended before;ended before;SIGABRT;SIGKILL;ended before;
//: output   1;;;;;;;;9
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

const char *solve(const char *input_str) {
    if (strcmp(input_str, "exit") == 0) {
        exit(0);
    } else if (strcmp(input_str, "_exit") == 0) {
        _exit(0);
    } else if (strcmp(input_str, "quick_exit") == 0) {
        quick_exit(0);
    } else if (strcmp(input_str, "pthread_exit") == 0) {
        pthread_exit(NULL);
    } else if (strcmp(input_str, "abort") == 0) {
        abort();
    } else if (strcmp(input_str, "kill") == 0) {
        kill(0, SIGKILL);
    } else if (strcmp(input_str, "exec") == 0) {
        execl("/usr/bin/sh", "sh", "-c", "exit 0", NULL);
    }
    return input_str;
}
