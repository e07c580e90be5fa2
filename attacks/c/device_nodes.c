//: what     makes nodes for memory, disk, null and whiteout, opens what is in /dev, and uses a node in the scratch space
//: id       A-078
//: control  devices
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <unistd.h>

static int breaches, plain;

static void escaped(const char *what, const char *path) {
    printf("ESCAPED %s %s\n", what, path);
    breaches++;
}

// Others are only listed: to open them could have an effect.
static int look(const char *path, const struct stat *status, int type, struct FTW *at) {
    const char *names[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
    if (strcmp(path, "/proc") == 0) {
        return FTW_SKIP_SUBTREE;
    }
    if (S_ISCHR(status->st_mode) || S_ISBLK(status->st_mode)) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (strcmp(path, names[i]) == 0) {
                int file = open(path, O_RDWR);
                char byte;
                if (file < 0 || read(file, &byte, 1) != (i == 0 ? 0 : 1)) {
                    escaped("does not work:", path);
                }
                close(file);
                plain++;
                return FTW_CONTINUE;
            }
        }
        escaped("shows", path);
    }
    return FTW_CONTINUE;
}

static void make(const char *path) {
    struct {
        mode_t type;
        dev_t device;
        const char *name;
    } nodes[] = {{S_IFCHR, makedev(1, 1), "memory"}, {S_IFCHR, makedev(1, 3), "null"}, {S_IFCHR, makedev(1, 11), "the log"},
                 {S_IFBLK, makedev(254, 0), "a disk"}, {S_IFBLK, makedev(8, 0), "a disk"}, {S_IFBLK, makedev(7, 0), "a loop"},
                 {S_IFCHR, makedev(0, 0), "a whiteout"}, {S_IFCHR, makedev(10, 229), "fuse"}};
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        if (syscall(SYS_mknod, path, nodes[i].type | 0666, nodes[i].device) == 0 ||
            syscall(SYS_mknodat, AT_FDCWD, path, nodes[i].type | 0666, nodes[i].device) == 0) {
            escaped("made a node for", nodes[i].name);
            int file = open(path, O_RDONLY | O_NONBLOCK);
            if (file >= 0) {
                escaped("and opened", nodes[i].name);
                close(file);
            }
            unlink(path);
        }
    }
}

int main(void) {
    nftw("/", look, 20, FTW_PHYS | FTW_ACTIONRETVAL);
    if (plain != 5) {
        escaped("not the five plain nodes below", "/dev");
    }
    make("/tmp/node");
    make("/box/node");
    make("/dev/shm/node");
    make("/dev/node");

    // A whiteout, which is a character device, can also be left behind by a rename.
    close(open("/tmp/a", O_WRONLY | O_CREAT, 0600));
    if (syscall(SYS_renameat2, AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b", 4 /* RENAME_WHITEOUT */) == 0 &&
        open("/tmp/a", O_RDONLY | O_NONBLOCK) >= 0) {
        escaped("opened", "a whiteout");
    }
    const char *folders[] = {"/", "/box", "/tmp", "/dev/shm", "/code", "/proc", "/usr/lib/x86_64-linux-gnu"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        struct statvfs flags;
        if (statvfs(folders[i], &flags) != 0 || (flags.f_flag & ST_NODEV) == 0) {
            escaped("nodes work in", folders[i]);
        }
    }
    if (breaches == 0) {
        puts("held");
    }
}
