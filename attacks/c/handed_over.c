//: what     a descriptor sent to itself that is on its way for ever, and files without a name that are executed
//: id       A-103
//: expect   ok
//: output   7
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count > 1) {
        return 7;
    }
    int ends[2], status = 0;
    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    char space[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &ends[1], sizeof(int));
    sendmsg(ends[0], &message, 0);
    close(ends[0]);
    close(ends[1]);

    int own = open("/code/solution", O_RDONLY), copy = memfd_create("copy", MFD_CLOEXEC);
    struct stat found;
    fstat(own, &found);
    sendfile(copy, own, NULL, found.st_size);
    if (fork() == 0) {
        fexecve(copy, (char *[]){arguments[0], "child", NULL}, (char *[]){NULL});
        _exit(1);
    }
    wait(&status);
    printf("%d\n", WEXITSTATUS(status));
}
