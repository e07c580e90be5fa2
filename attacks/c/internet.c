//: what     TCP, UDP, ICMP and a question for a name, to addresses of both versions: all fail at once
//: id       A-107
//: control  network+seccomp+landlock
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Addresses of documentation, where nobody is, and datagrams to the loopback address, which every network carries.
static const struct {
    const char *name, *host;
    int family, kind, protocol, port;
} TARGETS[] = {
    {"tcp", "198.51.100.7", AF_INET, SOCK_STREAM, 0, 80},
    {"tcp6", "2001:db8::7", AF_INET6, SOCK_STREAM, 0, 443},
    {"udp", "198.51.100.7", AF_INET, SOCK_DGRAM, 0, 53},
    {"udp6", "2001:db8::7", AF_INET6, SOCK_DGRAM, 0, 53},
    {"udp", "127.0.0.1", AF_INET, SOCK_DGRAM, 0, 9},
    {"icmp", "203.0.113.7", AF_INET, SOCK_DGRAM, IPPROTO_ICMP, 0},
    {"icmp6", "2001:db8::7", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, 0},
    {"raw icmp", "203.0.113.7", AF_INET, SOCK_RAW, IPPROTO_ICMP, 0},
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

// Whether something left, or may have left, the box.
static int reaches(unsigned i) {
    struct sockaddr_storage address = {.ss_family = TARGETS[i].family};
    struct sockaddr_in *four = (struct sockaddr_in *)&address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address;
    int is_four = TARGETS[i].family == AF_INET;
    inet_pton(TARGETS[i].family, TARGETS[i].host, is_four ? (void *)&four->sin_addr : (void *)&six->sin6_addr);
    four->sin_port = htons(TARGETS[i].port);
    int descriptor = socket(TARGETS[i].family, TARGETS[i].kind | SOCK_NONBLOCK, TARGETS[i].protocol);
    if (descriptor < 0) {
        return 0;
    }
    // An echo request, a question to a name server: what it is does not matter.
    static const char MESSAGE[16] = {8, 0, 0xf7, 0xff};
    socklen_t length = is_four ? sizeof *four : sizeof *six;
    const struct sockaddr *to = (struct sockaddr *)&address;
    long result = TARGETS[i].kind == SOCK_STREAM ? connect(descriptor, to, length)
                                                 : sendto(descriptor, MESSAGE, sizeof MESSAGE, 0, to, length);
    int reached = result >= 0 || errno == EINPROGRESS || errno == ECONNREFUSED;
    close(descriptor);
    return reached;
}

int main(void) {
    int escaped = 0;
    for (unsigned i = 0; i < sizeof TARGETS / sizeof TARGETS[0]; i++) {
        // The quickest of three: a busy machine is no network.
        double quickest = 1e9;
        int reached = 0;
        for (int turn = 0; turn < 3; turn++) {
            double start = now();
            reached += reaches(i);
            quickest = now() - start < quickest ? now() - start : quickest;
        }
        if (reached > 0 || quickest > 50) {
            printf("ESCAPED %s to %s, %.0f ms\n", TARGETS[i].name, TARGETS[i].host, quickest);
            escaped++;
        }
    }
    struct addrinfo *found = NULL;
    double start = now();
    if (getaddrinfo("example.invalid", "80", NULL, &found) == 0 || now() - start > 500) {
        puts("ESCAPED a name");
        escaped++;
    }
    if (escaped == 0) {
        puts("held");
    }
}
