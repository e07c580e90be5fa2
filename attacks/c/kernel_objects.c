//: what     timers, events, polls, watches and descriptors on their way, each until there are no more: no process gets more than its share
//: id       A-020
//: control  open_files
//: limits   memory_kib=131072
//: expect   ok
//: output   held
//: peak_kib 137625
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static int event(void) {
    return eventfd(1, 0);
}

static int timer(void) {
    struct itimerspec soon = {{0, 1000000}, {0, 1000000}};
    int made = timerfd_create(CLOCK_MONOTONIC, 0);
    timerfd_settime(made, 0, &soon, NULL);
    return made;
}

// A poll that watches another one, and so on.
static int poll_set(void) {
    static int last = 0;
    struct epoll_event wanted = {.events = EPOLLIN};
    int made = epoll_create1(0);
    if (last > 0) {
        epoll_ctl(made, EPOLL_CTL_ADD, last, &wanted);
    }
    return last = made;
}

static int watch(void) {
    int made = inotify_init1(0);
    for (int count = 0; made >= 0 && count < 1000; count++) {
        inotify_add_watch(made, "/box", IN_ALL_EVENTS);
    }
    return made;
}

// Descriptors that are sent and never received stand in no table of a process, but those of a user are counted.
static int on_the_way(void) {
    static int ends[2] = {-1, -1};
    for (int attempt = 0; attempt < 2; attempt++) {
        char space[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
        struct iovec part = {&byte, 1};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        if (ends[0] >= 0 && sendmsg(ends[0], &message, 0) == 1) {
            return 0;
        }
        // This one may only be full.
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) {
            return -1;
        }
    }
    return -1;
}

int main(void) {
    static const struct {
        const char *name;
        int (*make)(void);
        int most;
    } kinds[] = {
        {"events", event, 256},
        {"timers", timer, 256},
        {"polls", poll_set, 256},
        {"watches", watch, 0},
        {"descriptors on their way", on_the_way, 300},
    };
    int reached = 0;
    for (int kind = 0; kind < 5; kind++) {
        for (int count = 0; count < 20; count++) {
            fflush(stdout);
            if (fork() == 0) {
                int made = 0;
                while (made <= 5000 && kinds[kind].make() >= 0) {
                    made++;
                }
                if (made > kinds[kind].most) {
                    printf("ESCAPED %d %s\n", made, kinds[kind].name);
                    fflush(stdout);
                }
                usleep(100000);
                _exit(made > kinds[kind].most);
            }
        }
        for (int status = 0; wait(&status) > 0;) {
            reached += status != 0;
        }
    }
    if (reached == 0) {
        puts("held");
    }
}
