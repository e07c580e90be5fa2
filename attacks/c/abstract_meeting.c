//: what     two programs that run at the same time try to meet at an abstract name
//: id       A-110
//: control  network+landlock
//: copies   2
//: expect   ok
//: output   held
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0attacks-meeting"};
    // Whoever comes first binds the name and waits; whoever comes second finds it bound.
    int waiting = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), is_met = 0;
    if (bind(waiting, (struct sockaddr *)&name, sizeof name) != 0) {
        int calling = socket(AF_UNIX, SOCK_STREAM, 0);
        is_met = connect(calling, (struct sockaddr *)&name, sizeof name) == 0;
        printf("ESCAPED the name is taken%s\n", is_met ? ", and answers" : "");
        return 0;
    }
    listen(waiting, 8);
    struct pollfd event = {waiting, POLLIN, 0};
    for (double start = now(); now() - start < 1.5 && !is_met;) {
        is_met = poll(&event, 1, 100) == 1;
    }
    puts(is_met ? "ESCAPED somebody came" : "held");
}
