//: what     is a shell script as well, which the compiler is told to start its parts with: code that runs in the compiling box
//: id       A-062
//: control  seccomp
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   ok
//: output   held
#if 0
[ -e /tmp/report ] || { gcc -DPROBE -o /tmp/probe /code/solution.c && /tmp/probe >/tmp/report; }
exec "$@"
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef PROBE
int main(void) {
    static const char *const WRITTEN[] = {"/made", "/code/made", "/usr/include/made", "/dev/made", "/etc/made"};
    static const char *const READ[] = {"/var/tmp/code-runner-canary", "/root/code-runner-canary", "/etc/shadow", "/proc/1/environ", "/proc/1/cmdline"};
    int escaped = 0, made;
    for (unsigned index = 0; index < sizeof WRITTEN / sizeof *WRITTEN; index++) {
        made = open(WRITTEN[index], O_CREAT | O_WRONLY, 0600);
        if (made >= 0 || (errno != EROFS && errno != EACCES)) {
            printf("ESCAPED wrote %s, errno %d\n", WRITTEN[index], made >= 0 ? 0 : errno), escaped++;
        }
        if (open(READ[index], O_RDONLY) >= 0 || errno != ENOENT) {
            printf("ESCAPED opened %s\n", READ[index]), escaped++;
        }
    }
    for (int family = AF_INET; family <= AF_INET6; family += AF_INET6 - AF_INET) {
        if (socket(family, SOCK_STREAM, 0) >= 0 || errno != EPERM) {
            printf("ESCAPED a socket of family %d\n", family), escaped++;
        }
    }
    if (escaped == 0) {
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
