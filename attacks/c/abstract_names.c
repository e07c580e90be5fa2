//: what     looks for local sockets that are not its own, by the kernel's list
//: id       A-110
//: control  network
//: expect   ok
//: output   held
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0of-our-own"};
    int local = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(local, (struct sockaddr *)&name, sizeof name);
    FILE *list = fopen("/proc/self/net/unix", "r");
    char line[512];
    int own = 0, others = 0;
    while (list != NULL && fgets(line, sizeof line, list) != NULL) {
        if (strstr(line, "@of-our-own") != NULL) {
            own++;
        } else if (strncmp(line, "Num", 3) != 0) {
            others++;
        }
    }
    if (others > 0) {
        printf("ESCAPED %d sockets of others are listed\n", others);
    } else {
        puts(own == 1 ? "held" : "the list shows nothing");
    }
}
