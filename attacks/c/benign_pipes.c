//: what     a pair of sockets, a pipe and a local server, all watched with poll, select and epoll: benign
//: id       G-13
//: expect   ok
//: output   1000 pong
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void) {
    int ends[2], watcher = epoll_create1(0), passed = 0;
    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(watcher, EPOLL_CTL_ADD, ends[1], &event);
    int ways[2];
    pipe(ways);
    for (int round = 0; round < 1000; round++) {
        char byte = 'x';
        write(ends[0], &byte, 1);
        epoll_wait(watcher, &event, 1, 1000);
        read(ends[1], &byte, 1);
        write(ways[1], &byte, 1);
        fd_set set;
        FD_ZERO(&set);
        FD_SET(ways[0], &set);
        select(ways[0] + 1, &set, NULL, NULL, &(struct timeval){1, 0});
        passed += read(ways[0], &byte, 1) == 1 && byte == 'x';
    }
    struct sockaddr_un address = {AF_UNIX, "/tmp/own"};
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(server, (struct sockaddr *)&address, sizeof address);
    listen(server, 1);
    if (fork() == 0) {
        int peer = accept(server, NULL, NULL);
        write(peer, "pong", 4);
        _exit(0);
    }
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    char answer[5] = "";
    connect(client, (struct sockaddr *)&address, sizeof address);
    poll(&(struct pollfd){client, POLLIN, 0}, 1, 1000);
    read(client, answer, 4);
    printf("%d %s\n", passed, answer);
}
