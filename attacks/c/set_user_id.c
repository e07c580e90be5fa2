//: what     looks for files that would run with foreign identity or capabilities, makes some and runs them
//: id       A-077
//: control  nosuid
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static int breaches, files;

static void escaped(const char *what, const char *path) {
    printf("ESCAPED %s %s\n", what, path);
    breaches++;
}

static int look(const char *path, const struct stat *status, int type, struct FTW *at) {
    if (strcmp(path, "/proc") == 0) {
        return FTW_SKIP_SUBTREE;
    }
    if (type == FTW_F) {
        char value[64];
        struct statvfs flags;
        files++;
        // The host's packages may bring such files; where they are seen they must have no effect.
        if (statvfs(path, &flags) == 0 && (flags.f_flag & ST_NOSUID) != 0) {
            return FTW_CONTINUE;
        }
        if ((status->st_mode & (S_ISUID | S_ISGID)) != 0 && S_ISREG(status->st_mode)) {
            escaped("foreign identity:", path);
        }
        if (lgetxattr(path, "security.capability", value, sizeof value) > 0) {
            escaped("capabilities:", path);
        }
    }
    return FTW_CONTINUE;
}

static void make(const char *path) {
    // Version 2, effective, all capabilities up to number 31 permitted.
    const unsigned capabilities[5] = {0x02000001, 0xffffffff, 0, 0, 0};
    int own = open("/code/solution", O_RDONLY), copy = open(path, O_WRONLY | O_CREAT | O_EXCL, 0700), ended = 0;
    struct stat status;
    fstat(own, &status);
    if (copy < 0 || sendfile(copy, own, NULL, status.st_size) != status.st_size) {
        escaped("nothing: no copy in", path);
        return;
    }
    if (fchown(copy, 0, 0) == 0 || fchown(copy, -1, 0) == 0) {
        escaped("gave away", path);
    }
    if (fsetxattr(copy, "security.capability", capabilities, sizeof capabilities, 0) == 0) {
        escaped("gave capabilities to", path);
    }
    fchmod(copy, 06755);
    close(copy);
    close(own);
    if (fork() == 0) {
        execl(path, path, "child", NULL);
        _exit(99);
    }
    wait(&ended);
    if (ended != 0) {
        escaped("another identity by", path);
    }
    unlink(path);
}

// The copy: is it still the same nobody?
static int child(void) {
    char line[256];
    FILE *file = fopen("/proc/self/status", "r");
    int same = geteuid() == getuid() && getegid() == getgid() && setuid(0) != 0 && setgid(0) != 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long long set = 0;
        if (sscanf(line, "CapEff: %llx", &set) == 1 || sscanf(line, "CapPrm: %llx", &set) == 1) {
            same = same && set == 0;
        }
    }
    return file == NULL || !same;
}

int main(int count, char **arguments) {
    if (count > 1) {
        return child();
    }
    nftw("/", look, 20, FTW_PHYS | FTW_ACTIONRETVAL);
    if (files < 100) {
        escaped("nothing: too few files below", "/");
    }
    const char *folders[] = {"/", "/box", "/tmp", "/dev/shm", "/code", "/proc", "/usr/lib/x86_64-linux-gnu"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        struct statvfs flags;
        if (statvfs(folders[i], &flags) != 0 || (flags.f_flag & ST_NOSUID) == 0) {
            escaped("such files have an effect in", folders[i]);
        }
    }
    make("/box/copy");
    make("/tmp/copy");
    make("/dev/shm/copy");
    if (breaches == 0) {
        puts("held");
    }
}
