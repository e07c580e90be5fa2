//: what     puts what the compiler finds in its environment into the program: only what is documented
//: id       A-051
//: control  environment
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   ok
//: output   held
#if 0
[ -e /tmp/report ] || { gcc -DPROBE -o /tmp/probe /code/solution.c && /tmp/probe >/tmp/report; }
exec "$@"
#endif
#include <stdio.h>
#include <string.h>

#ifdef PROBE
extern char **environ;

int main(void) {
    // Its own, and what gcc tells its parts.
    static const char *const KNOWN[] = {"HOME=/box", "LANG=C.UTF-8", "PATH=/usr/bin", "TMPDIR=/tmp", "PWD=/", "OLDPWD=/", "COLLECT_", "OFFLOAD_TARGET_"};
    int others = 0, all = 0;
    for (char **entry = environ; *entry != NULL; entry++, all++) {
        int known = 0;
        for (unsigned index = 0; index < sizeof KNOWN / sizeof *KNOWN; index++) {
            known |= strncmp(*entry, KNOWN[index], strlen(KNOWN[index])) == 0;
        }
        if (!known) {
            printf("ESCAPED %s\n", *entry), others++;
        }
    }
    if (others == 0 && all >= 4) {
        puts("held");
    }
}
#else
__asm__(".section .rodata\n.global report\nreport: .incbin \"/tmp/report\"\n.byte 0\n.text");
extern const char report[];

int main(void) {
    fputs(report, stdout);
}
#endif
