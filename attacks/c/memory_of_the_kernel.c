//: what     fills pipes, local sockets and files without a name: what the kernel keeps for a box counts
//: id       A-020
//: control  memory
//: limits   memory_kib=65536 wall_time_ms=8000
//: expect   memory_limit
//: peak_kib 68812
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
    memset(block, 1, sizeof block);
    for (;;) {
        int ends[2], file = memfd_create("fill", 0);
        if (pipe2(ends, O_NONBLOCK) == 0) {
            fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
            while (write(ends[1], block, sizeof block) > 0) {
            }
        }
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0) {
            while (write(ends[1], block, sizeof block) > 0) {
            }
        }
        for (int count = 0; count < 16 && file >= 0; count++) {
            if (write(file, block, sizeof block) < 0) {
                break;
            }
        }
        if (file < 0) {
            fork();
        }
    }
}
