//: what     fills its folders with links to files and folders outside of them, and leaves them to whoever cleans up
//: id       A-081
//: control  symlinks
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int breaches;

static void escaped(const char *what, const char *path) {
    printf("ESCAPED %s %s\n", what, path);
    breaches++;
}

int main(void) {
    const char *folders[] = {"/box", "/tmp", "/dev/shm"};
    const char *targets[] = {"/etc/passwd", "/code/solution", "/usr/include/stdio.h", "/usr/bin/cat", "/usr/lib64", "/proc/self/exe",
                             "/proc/self/fd/0", "/", "..", "../etc/passwd", "/var/tmp/code-runner-canary", "/root"};
    char link_path[200], inner[300];
    struct stat before, after;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        for (size_t j = 0; j < sizeof targets / sizeof *targets; j++) {
            stat(targets[j], &before);
            snprintf(link_path, sizeof link_path, "%s/hard%zu", folders[i], j);
            if (link(targets[j], link_path) == 0 || linkat(AT_FDCWD, targets[j], AT_FDCWD, link_path, AT_SYMLINK_FOLLOW) == 0) {
                escaped("hard link to", targets[j]);
            }
            snprintf(link_path, sizeof link_path, "%s/soft%zu", folders[i], j);
            if (symlink(targets[j], link_path) != 0) {
                escaped("nothing: no link to", targets[j]);
            }
            snprintf(inner, sizeof inner, "%s/../etc/passwd", link_path);
            // With every flag that could follow, or change what is at the other end.
            if (open(link_path, O_RDONLY) >= 0 || errno != ELOOP) {
                escaped("followed to", targets[j]);
            }
            if (open(link_path, O_WRONLY | O_APPEND) >= 0 || open(inner, O_RDONLY) >= 0 || chmod(link_path, 0777) == 0 ||
                chown(link_path, getuid(), getgid()) == 0 || truncate(link_path, 0) == 0) {
                escaped("changed", targets[j]);
            }
            lchown(link_path, getuid(), getgid());
            if (stat(targets[j], &after) == 0 && (before.st_mode != after.st_mode || before.st_uid != after.st_uid)) {
                escaped("is another now:", targets[j]);
            }
        }
    }
    if (breaches == 0) {
        puts("held");
    }
}
