//: what     has the compiler include a pipe that nobody writes to: it waits until its limit and no longer
//: id       A-050
//: set      full
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   compile_error
//: error    longer than
#if 0
[ -e /tmp/pipe ] || { gcc -DMAKE -o /tmp/make /code/solution.c && /tmp/make; }
exec "$@"
#endif
#ifdef MAKE
#include <sys/stat.h>

int main(void) {
    return mkfifo("/tmp/pipe", 0700);
}
#elif __has_include("/tmp/pipe")
#include "/tmp/pipe"
#endif
