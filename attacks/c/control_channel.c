//: what     looks for the way on which PID 1 is told what to do: descriptors, local sockets, its folder in /proc, signals
//: id       A-119
//: control  descriptors
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

int main(void) {
    int found = 0;
    for (int descriptor = 0; descriptor < 65536; descriptor++) {
        struct stat kind;
        if (fstat(descriptor, &kind) == 0 && (descriptor > 2 || !S_ISFIFO(kind.st_mode))) {
            // An order to end, if somebody listens.
            send(descriptor, "\2\0\0\0\0", 5, MSG_DONTWAIT | MSG_NOSIGNAL);
            found += printf("ESCAPED descriptor %d of type %o\n", descriptor, kind.st_mode >> 12);
        }
    }
    const char *paths[] = {"/proc/1", "/proc/1/fd/3", "/proc/1/root", "/run", "/var/run", "/proc/net/unix"};
    for (int i = 0; i < 6; i++) {
        struct stat kind;
        if (lstat(paths[i], &kind) == 0) {
            found += printf("ESCAPED %s\n", paths[i]);
        }
    }
    const char *names[] = {"code-runner", "launcher", "runner", "control", "zygote"};
    for (int i = 0; i < 5; i++) {
        struct sockaddr_un address = {AF_UNIX, ""};
        strcpy(address.sun_path + 1, names[i]);
        int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
        for (int k = 0; k < 3; k++) {
            int client = socket(AF_UNIX, types[k], 0);
            if (client < 0 || connect(client, (struct sockaddr *)&address, sizeof(sa_family_t) + 1 + strlen(names[i])) == 0) {
                found += printf("ESCAPED socket %s\n", names[i]);
            }
            close(client);
        }
    }
    long handle = syscall(SYS_pidfd_open, 1, 0);
    if (kill(getppid(), SIGTERM) == 0 || kill(1, SIGUSR1) == 0
        || syscall(SYS_pidfd_send_signal, handle, SIGUSR1, 0, 0) == 0 || syscall(SYS_pidfd_getfd, handle, 3, 0) >= 0) {
        found += printf("ESCAPED a signal or a descriptor of PID 1\n");
    }
    if (found == 0) {
        puts("held");
    }
}
