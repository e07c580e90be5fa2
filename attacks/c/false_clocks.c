//: what     brings clocks of its own that stand still, tries to set the real ones, and works for ever
//: id       A-137
//: control  cpu_time
//: limits   cpu_time_ms=400 wall_time_ms=3000
//: expect   time_limit
//: error    CPU time
//: wall_ms  1500
#define _GNU_SOURCE
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

time_t time(time_t *now) {
    return now == NULL ? 1 : (*now = 1);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    (void)clock;
    *now = (struct timespec){1, 0};
    return 0;
}

int main(void) {
    struct timeval now;
    gettimeofday(&now, NULL);
    if (settimeofday(&now, NULL) == 0) {
        return 9;
    }
    while (time(NULL) < 2) {
    }
    return 8;
}
