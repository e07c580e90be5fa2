//: what     leaves a socket in place of the program
//: id       A-039 A-040
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   compile_error
//: error    No such device or address
#if 0
case $1 in
*collect2) "$@" && gcc -DPROBE -o /tmp/probe /code/solution.c && /tmp/probe; exit ;;
esac
exec "$@"
#endif
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int main(void) {
#ifdef PROBE
    struct sockaddr_un place = {AF_UNIX, "/tmp/solution"};
    return unlink("/tmp/solution") | bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&place, sizeof place);
#endif
}
