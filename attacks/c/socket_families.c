//: what     makes sockets and pairs of every family and kind: there is one family, and neither flags nor high bits hide another
//: id       A-097
//: control  seccomp
//: expect   ok
//: output   socket stream: EPERM 0,2-50; reached 1\nsocket datagram: EPERM 0,2-50; reached 1\nsocket raw: EPERM 0,2-50; reached 1\nsocket seqpacket: EPERM 0,2-50; reached 1\nsocket packet: EPERM 0,2-50; reached 1\nsocket none: EPERM 0,2-50; reached 1\nsocket flags: EPERM 0,2-50; reached 1\nsocket high bits: EPERM 0,2-50; reached 1\nsocketpair stream: EPERM 0,2-50; reached 1\nsocketpair seqpacket: EPERM 0,2-50; reached 1
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FAMILIES = 51 };

static int is_refused(long number, unsigned long family, unsigned long kind) {
    int ends[2] = {-1, -1};
    errno = 0;
    return syscall(number, family, kind, 0, ends) == -1 && errno == EPERM;
}

static void print(const char *call, const char *kind_name, long number, unsigned long kind, unsigned long bits) {
    for (int is_looked_for = 1; is_looked_for >= 0; is_looked_for--) {
        printf(is_looked_for ? "%s %s: EPERM" : "; reached", call, kind_name);
        char before = ' ';
        for (int from = 0; from < FAMILIES; from++) {
            int to = from;
            while (to < FAMILIES && is_refused(number, to | bits, kind) == is_looked_for) {
                to++;
            }
            if (to > from) {
                printf(to - from > 1 ? "%c%d-%d" : "%c%d", before, from, to - 1);
                before = ',';
                from = to;
            }
        }
    }
    puts("");
}

int main(void) {
    // Each makes a few sockets and keeps them: fewer than there are descriptors.
    print("socket", "stream", SYS_socket, SOCK_STREAM, 0);
    print("socket", "datagram", SYS_socket, SOCK_DGRAM, 0);
    print("socket", "raw", SYS_socket, SOCK_RAW, 0);
    print("socket", "seqpacket", SYS_socket, SOCK_SEQPACKET, 0);
    print("socket", "packet", SYS_socket, SOCK_PACKET, 0);
    print("socket", "none", SYS_socket, 0, 0);
    print("socket", "flags", SYS_socket, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    print("socket", "high bits", SYS_socket, SOCK_STREAM, 1UL << 32);
    print("socketpair", "stream", SYS_socketpair, SOCK_STREAM, 0);
    print("socketpair", "seqpacket", SYS_socketpair, SOCK_SEQPACKET, 0);
}
