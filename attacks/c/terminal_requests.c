//: what     types into a terminal, pastes, changes its modes and takes it over, on every descriptor: no request comes through
//: id       A-101
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

int main(void) {
    static const struct {
        const char *name;
        unsigned long number;
    } REQUESTS[] = {
        {"TIOCSTI", 0x5412},   {"TIOCLINUX", 0x541c}, {"TIOCSCTTY", 0x540e}, {"TIOCNOTTY", 0x5422}, {"TIOCCONS", 0x541d},
        {"TIOCSPGRP", 0x5410}, {"TIOCSETD", 0x5423},  {"TCSETS", 0x5402},    {"TCSETSF2", 0x402c542d}, {"TIOCSWINSZ", 0x5414},
        {"TIOCSSERIAL", 0x541f}, {"TIOCGPTPEER", 0x5441}, {"KDSETLED", 0x4b32}, {"PIO_FONTX", 0x4b6c}, {"SIOCGIFCONF", 0x8912},
        {"FS_IOC_SETFLAGS", 0x40086602}, {"FICLONE", 0x40049409}, {"FIFREEZE", 0xc0045877}, {"NS_GET_PARENT", 0xb702},
    };
    int escaped = 0;
    for (unsigned i = 0; i < sizeof REQUESTS / sizeof REQUESTS[0]; i++) {
        for (int descriptor = 0; descriptor < 3; descriptor++) {
            // The kernel takes the low half of the number, so the high half must hide nothing.
            for (unsigned long high = 0; high < 3; high++) {
                char space[256] = {'x'};
                errno = 0;
                long result = syscall(SYS_ioctl, descriptor, REQUESTS[i].number | high << 32, space);
                if (result != -1 || errno != EPERM) {
                    printf("ESCAPED %s: %ld, errno %d\n", REQUESTS[i].name, result, errno);
                    escaped++;
                }
            }
        }
    }
    if (escaped == 0) {
        puts("held");
    }
}
