//: what     puts a link, a pipe, a folder, a socket, a device and a giant where the program is fetched from: all refused
//: id       A-039
//: control  readonly+landlock
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   ok
//: output   held
#if 0
[ -e /tmp/report ] || { gcc -DPROBE -o /tmp/probe /code/solution.c && /tmp/probe >/tmp/report; }
exec "$@"
#endif
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef PROBE
#define TRY(call) do { if ((call) == 0) { puts("ESCAPED " #call); escaped++; } } while (0)

int main(void) {
    int escaped = 0, own = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un artifact = {AF_UNIX, "/artifact"}, beside = {AF_UNIX, "/beside"};
    signal(SIGXFSZ, SIG_IGN);
    close(open("/tmp/other", O_CREAT | O_WRONLY, 0700));
    TRY(unlink("/artifact"));
    TRY(rename("/artifact", "/tmp/artifact"));
    TRY(rename("/tmp/other", "/artifact"));
    TRY(renameat2(AT_FDCWD, "/tmp/other", AT_FDCWD, "/artifact", RENAME_EXCHANGE));
    TRY(link("/artifact", "/tmp/second"));
    TRY(link("/tmp/other", "/second"));
    TRY(symlink("/var/tmp/code-runner-canary", "/artifact"));
    TRY(symlink("/var/tmp/code-runner-canary", "/link"));
    TRY(mkfifo("/fifo", 0666));
    TRY(mkdir("/folder", 0777));
    TRY(bind(own, (struct sockaddr *)&artifact, sizeof artifact));
    TRY(bind(own, (struct sockaddr *)&beside, sizeof beside));
    TRY(mknod("/tmp/disk", S_IFBLK | 0666, 0x100));
    TRY(mknod("/disk", S_IFCHR | 0666, 0x101));
    TRY(truncate("/artifact", 1L << 40));
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
