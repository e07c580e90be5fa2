//: what     starts threads with the smallest stack there is until refused
//: id       A-003
//: control  processes
//: limits   processes=32
//: expect   ok
//: output   refused
//: tasks    33
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *rest(void *nothing) {
    sleep(30);
    return nothing;
}

int main(void) {
    pthread_t thread;
    pthread_attr_t small;
    int count = 1;
    pthread_attr_init(&small);
    if (pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN) != 0) {
        return 1;
    }
    while (pthread_create(&thread, &small, rest, NULL) == 0) {
        count++;
    }
    puts(count > 20 && count <= 32 ? "refused" : "too many or too few");
    fflush(stdout);
    _exit(0);
}
