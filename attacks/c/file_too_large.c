//: what     writes one file for ever, and does not listen to the signal that it gets at the cap
//: id       A-032
//: limits   file_bytes=1048576 cpu_time_ms=3000
//: control  files
//: expect   runtime_error
//: error    SIGXFSZ
#include <fcntl.h>
#include <unistd.h>

int main(void) {
    static char block[1 << 16];
    int file = open("/box/fill", O_CREAT | O_WRONLY, 0600);
    for (int count = 0; count < 128; count++) {
        if (write(file, block, sizeof block) < 0) {
            return 1;
        }
    }
    return 0;
}
