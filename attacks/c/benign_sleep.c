//: what     sleeps for half of its time: benign
//: id       G-10
//: limits   wall_time_ms=2000 cpu_time_ms=300
//: expect   ok
//: output   slept
#include <stdio.h>
#include <time.h>

int main(void) {
    nanosleep(&(struct timespec){1, 0}, NULL);
    puts("slept");
}
