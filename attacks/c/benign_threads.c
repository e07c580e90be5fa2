//: what     eight threads sum what they share out: benign
//: id       G-01
//: expect   ok
//: output   499999500000
#include <pthread.h>
#include <stdio.h>

static long parts[8];

static void *work(void *part) {
    long *own = part;
    for (long number = own - parts; number < 1000000; number += 8) {
        *own += number;
    }
    return NULL;
}

int main(void) {
    pthread_t threads[8];
    long total = 0;
    for (int index = 0; index < 8; index++) {
        pthread_create(&threads[index], NULL, work, &parts[index]);
    }
    for (int index = 0; index < 8; index++) {
        pthread_join(threads[index], NULL);
        total += parts[index];
    }
    printf("%ld\n", total);
}
