//: what     leaves a folder in place of the program
//: id       A-039 A-040
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   compile_error
//: error    Is a directory
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
    return unlink("/tmp/solution") | mkdir("/tmp/solution", 0700);
#endif
}
