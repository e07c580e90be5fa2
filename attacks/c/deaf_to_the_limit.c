//: what     raises its own limit of CPU time as far as it goes, ignores the warning and spins
//: id       A-011 A-012
//: control  cpu_time
//: limits   cpu_time_ms=300 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
#include <signal.h>
#include <sys/resource.h>

int main(void) {
    struct rlimit limit;
    signal(SIGXCPU, SIG_IGN);
    getrlimit(RLIMIT_CPU, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_CPU, &limit);
    limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
    setrlimit(RLIMIT_CPU, &limit);
    for (volatile int i = 0;; i++) {
    }
}
