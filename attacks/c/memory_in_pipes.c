//: what     pipes as large as they get, filled: what waits in them counts
//: id       A-020
//: control  memory
//: limits   memory_kib=32768 wall_time_ms=5000
//: expect   memory_limit
//: peak_kib 34406
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
    for (int ends[2]; pipe2(ends, O_NONBLOCK) == 0;) {
        fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
        while (write(ends[1], block, sizeof block) > 0) {
        }
    }
}
