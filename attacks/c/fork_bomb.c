//: what     every process forks for ever and spins
//: limits   cpu_time_ms=500 processes=20
//: expect   time_limit|runtime_error
#include <unistd.h>

int main(void) {
    for (;;) {
        fork();
    }
}
