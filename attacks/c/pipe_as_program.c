//: what     wants a pipe where the compiled program has to be: nothing else can be put in its place
//: id       A-040
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   ok
//: output   held
#if 0
[ -e /tmp/report ] || { gcc -DPROBE -o /tmp/probe /code/solution.c && /tmp/probe >/tmp/report; }
exec "$@"
#endif
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef PROBE
int main(void) {
    // The pipe itself is no harm; in the place of the artifact somebody would wait at it.
    int is_made = mkfifo("/tmp/pipe", 0700) == 0;
    int escaped = unlink("/artifact") == 0 || mkfifo("/artifact", 0700) == 0;
    escaped |= rename("/tmp/pipe", "/artifact") == 0 || link("/tmp/pipe", "/artifact") == 0;
    puts(!is_made ? "could not be tried" : escaped ? "ESCAPED a pipe" : "held");
}
#else
__asm__(".section .rodata\n.global report\nreport: .incbin \"/tmp/report\"\n.byte 0\n.text");
extern const char report[];

int main(void) {
    fputs(report, stdout);
}
#endif
