//: what     connects to each port of the loopback addresses
//: id       A-109
//: control  network+seccomp+landlock
//: expect   ok
//: output   held
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int escaped, refusals[256];

static void connect_to(int family, int kind, const struct sockaddr *address, socklen_t length, int port) {
    int descriptor = socket(family, kind | SOCK_NONBLOCK, 0);
    if (descriptor >= 0 && connect(descriptor, address, length) == 0) {
        char byte;
        // For datagrams a closed port answers the first with an error.
        int is_silent = kind == SOCK_DGRAM && send(descriptor, "", 0, 0) == 0 && recv(descriptor, &byte, 1, 0) == -1 && errno == EAGAIN;
        if (kind == SOCK_STREAM || is_silent) {
            const char *host = family == AF_INET ? "127.0.0.1" : "::1";
            printf("ESCAPED %s port %d of %s is open\n", kind == SOCK_STREAM ? "tcp" : "udp", port, host);
            escaped++;
        }
    } else {
        refusals[errno & 255]++;
    }
    close(descriptor);
}

int main(void) {
    for (int port = 1; port < 65536; port++) {
        struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
        connect_to(AF_INET, SOCK_STREAM, (struct sockaddr *)&four, sizeof four, port);
        connect_to(AF_INET6, SOCK_STREAM, (struct sockaddr *)&six, sizeof six, port);
        connect_to(AF_INET, SOCK_DGRAM, (struct sockaddr *)&four, sizeof four, port);
        connect_to(AF_INET6, SOCK_DGRAM, (struct sockaddr *)&six, sizeof six, port);
    }
    // Not by chance: no socket was to be had for any of them.
    if (refusals[EPERM] != 4 * 65535 && escaped == 0) {
        printf("ESCAPED %d attempts had a socket\n", 4 * 65535 - refusals[EPERM]);
    } else if (escaped == 0) {
        puts("held");
    }
}
