//: what     local sockets that are filled and never read, in many processes: what waits in them counts
//: id       A-020
//: control  memory
//: limits   memory_kib=32768 wall_time_ms=5000
//: expect   memory_limit
//: peak_kib 34406
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char block[1 << 14];

int main(void) {
    for (int count = 0; count < 6; count++) {
        if (fork() == 0) {
            for (int ends[2]; socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0;) {
                for (int end = 0; end < 2; end++) {
                    while (write(ends[end], block, sizeof block) > 0) {
                    }
                }
            }
            sleep(2);
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
    }
}
