//: what     starts threads until refused
//: limits   processes=32
//: expect   ok
//: output   refused
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *rest(void *nothing) {
    sleep(30);
    return nothing;
}

int main(void) {
    pthread_t thread;
    int count = 1;
    while (pthread_create(&thread, NULL, rest, NULL) == 0) {
        count++;
    }
    puts(count <= 32 ? "refused" : "too many");
    fflush(stdout);
    _exit(0);
}
