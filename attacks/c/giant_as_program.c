//: what     leaves a file of half a tebibyte, most of it a hole, in place of the program
//: id       A-039 A-040
//: control  files
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   compile_error
//: error    No space left|truncated
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
    signal(SIGXFSZ, SIG_IGN);
    return truncate("/tmp/solution", 1L << 39) == 0 || truncate("/tmp/solution", 1L << 29) != 0;
#endif
}
