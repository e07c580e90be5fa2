//: what     makes pipes that nobody writes to, where the program and a file it includes would be: refused, or the compiler would wait
//: id       A-040 A-050
//: control  seccomp
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   ok
//: output   held
#if 0
[ -e /tmp/report ] || { gcc -DPROBE -o /tmp/probe /code/solution.c && /tmp/probe >/tmp/report; }
exec "$@"
#endif
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#ifdef PROBE
int main(void) {
    int refused = mkfifo("/tmp/pipe", 0700) != 0 && errno == EPERM;
    refused &= mkfifo("/tmp/solution", 0700) != 0 && errno == EPERM;
    puts(refused ? "held" : "ESCAPED a pipe");
}
#else
#if __has_include("/tmp/pipe")
#include "/tmp/pipe"
#endif
__asm__(".section .rodata\n.global report\nreport: .incbin \"/tmp/report\"\n.byte 0\n.text");
extern const char report[];

int main(void) {
    fputs(report, stdout);
}
#endif
