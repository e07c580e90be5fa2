//: what     gives the program the rights of its owner and of root: what is run has none of them
//: id       A-064
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   ok
//: output   held
#if 0
case $1 in
*collect2) "$@" && gcc -DPROBE -o /tmp/probe /code/solution.c && exec /tmp/probe ;;
esac
exec "$@"
#endif
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
#ifdef PROBE
    return chmod("/artifact", 06777) | chmod("/tmp/solution", 06777);
#else
    struct stat own;
    stat("/code/solution", &own);
    if ((own.st_mode & 07777) != 0555 || geteuid() != getuid() || geteuid() == own.st_uid) {
        printf("ESCAPED mode %o\n", own.st_mode);
    } else {
        puts("held");
    }
#endif
}
