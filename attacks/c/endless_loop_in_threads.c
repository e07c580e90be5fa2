//: what     sixty threads spin, the first one waits for them: their time counts together
//: id       A-004
//: control  cpu_time
//: limits   cpu_time_ms=500 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
#include <pthread.h>
#include <stddef.h>

static void *spin(void *nothing) {
    for (volatile int i = 0;; i++) {
    }
    return nothing;
}

int main(void) {
    pthread_t thread;
    for (int count = 0; count < 60; count++) {
        if (pthread_create(&thread, NULL, spin, NULL) != 0) {
            return 1;
        }
    }
    pthread_join(thread, NULL);
}
