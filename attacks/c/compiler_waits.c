//: what     a compiler that waits for what never comes
//: id       A-040 A-062
//: control  wall_time
//: set      full
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   compile_error
//: error    ran for longer than
#if 0
[ -e /tmp/probe ] || { gcc -o /tmp/probe /code/solution.c && /tmp/probe; }
exec "$@"
#endif
#include <unistd.h>

int main(void) {
    pause();
}
