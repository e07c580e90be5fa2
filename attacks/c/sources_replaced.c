//: what     replaces every file of /code by links and other content, while it is compiled and while it runs: all refused
//: id       A-065
//: control  readonly+landlock
//: compile_options -wrapper /usr/bin/sh,/code/solution.c
//: expect   ok
//: output   held\nheld
#if 0
[ -e /tmp/report ] || { gcc -DPROBE -o /tmp/probe /code/solution.c && /tmp/probe >/tmp/report; }
exec "$@"
#endif
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef PROBE
static const char report[] = "";
#else
__asm__(".section .rodata\n.global report\nreport: .incbin \"/tmp/report\"\n.byte 0\n.text");
extern const char report[];
#endif

#define TRY(call) do { if ((call) >= 0) { printf("ESCAPED %s: " #call "\n", path); escaped++; } } while (0)

int main(void) {
    char path[300] = "/code";
    int escaped = 0, files = 0;
    fputs(report, stdout);
    close(open("/tmp/other", O_CREAT | O_WRONLY, 0600));
    TRY(rename("/code", "/tmp/code"));
    TRY(symlink("/tmp", "/code/folder"));
    DIR *code = opendir("/code");
    for (struct dirent *entry; (entry = readdir(code)) != NULL;) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof path, "/code/%s", entry->d_name);
        files++;
        TRY(open(path, O_WRONLY | O_APPEND));
        TRY(chmod(path, 0777));
        TRY(link(path, "/tmp/linked"));
        TRY(rename("/tmp/other", path));
        TRY(unlink(path));
        TRY(symlink("/var/tmp/code-runner-canary", path));
    }
    if (escaped == 0 && files > 0) {
        puts("held");
    }
}
