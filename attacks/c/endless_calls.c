//: what     spins in the kernel for ever: its time there counts too
//: limits   cpu_time_ms=300
//: expect   time_limit
//: wall_ms  3000
#include <fcntl.h>
#include <unistd.h>

int main(void) {
    static char block[1 << 20];
    int random = open("/dev/urandom", O_RDONLY);
    for (;;) {
        if (read(random, block, sizeof block) < 0) {
            return 1;
        }
    }
}
