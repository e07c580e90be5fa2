//: what     leaves a link to a file of the host in place of the program
//: id       A-064 A-039
//: control  symlinks+host_files
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   compile_error
//: error    Too many levels of symbolic links
#if 0
case $1 in
*collect2) gcc -DPROBE -o /tmp/probe /code/solution.c && exec /tmp/probe ;;
esac
exec "$@"
#endif
#include <unistd.h>

int main(void) {
#ifdef PROBE
    unlink("/tmp/solution");
    return symlink("/var/tmp/code-runner-canary", "/tmp/solution");
#endif
}
