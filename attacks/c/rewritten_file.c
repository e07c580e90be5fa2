//: what     writes a file of nine tenths of the memory again and again, which is allowed, and then a longer one, which is not
//: id       A-019
//: control  files
//: limits   memory_kib=65536 file_bytes=60397977
//: expect   ok
//: output   written refused
//: peak_kib 68812
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static char block[1 << 16];

int main(void) {
    signal(SIGXFSZ, SIG_IGN);
    int file = open("/box/data", O_CREAT | O_RDWR, 0600);
    for (int round = 0; round < 40; round++) {
        lseek(file, 0, SEEK_SET);
        if (round % 2 == 0 && ftruncate(file, 0) != 0) {
            return 1;
        }
        for (int count = 0; count < 921; count++) {
            block[0] = round;
            if (write(file, block, sizeof block) != sizeof block) {
                return 2;
            }
        }
        if (fsync(file) != 0) {
            return 3;
        }
    }
    long more = 0, written = 0;
    while (more < 8 << 20 && (written = write(file, block, sizeof block)) > 0) {
        more += written;
    }
    if (written < 0 && (errno == EFBIG || errno == ENOSPC)) {
        puts("written refused");
        return 0;
    }
    puts("ESCAPED the size of the scratch space");
}
