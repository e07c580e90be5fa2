//: what     leaves its root by chroot with a folder kept open, by chains of .., by a new root and by moving and taking away mounts
//: id       A-079
//: control  seccomp+uid+capabilities
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int breaches;

static void refused(long result, const char *what) {
    if (result >= 0) {
        printf("ESCAPED %s\n", what);
        breaches++;
    }
}

int main(void) {
    char up[4096] = "";
    struct stat root, above;
    for (int i = 0; i < 1000; i++) {
        up[3 * i] = up[3 * i + 1] = '.';
        up[3 * i + 2] = '/';
    }
    int outside = open("/", O_RDONLY | O_DIRECTORY);
    stat("/", &root);
    mkdir("/tmp/inside", 0700);
    mkdir("/tmp/other", 0700);

    int above_root = openat(outside, up, O_RDONLY | O_DIRECTORY);
    refused(above_root < 0 || fstat(above_root, &above) != 0 || above.st_ino != root.st_ino || above.st_dev != root.st_dev
                ? 0 : -1, "a folder above the root");
    // All of these happen in this box's own view of the files, should they be possible.
    refused(syscall(SYS_unshare, 0x00020000 /* CLONE_NEWNS */), "a mount namespace");
    refused(mount("/", "/tmp/other", NULL, MS_BIND | MS_REC, NULL), "bind");
    refused(mount("/code", "/tmp/other", NULL, MS_MOVE, NULL), "move");
    refused(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL), "root writable");
    refused(mount(NULL, "/code", NULL, MS_REMOUNT | MS_BIND, NULL), "code writable");
    refused(mount(NULL, "/proc", "proc", MS_REMOUNT, "hidepid=0"), "all of /proc");
    refused(mount("proc", "/tmp/other", "proc", 0, NULL), "another /proc");
    refused(mount("tmpfs", "/tmp/other", "tmpfs", 0, NULL), "another tmpfs");
    refused(mount("overlay", "/tmp/other", "overlay", 0, "lowerdir=/:/usr"), "overlay");
    refused(umount2("/proc", MNT_DETACH), "without /proc");
    refused(umount2("/usr/lib/x86_64-linux-gnu", MNT_DETACH), "without a mask");
    refused(umount2("/", MNT_DETACH), "without the root");
    refused(syscall(SYS_open_tree, AT_FDCWD, "/", 1 | O_CLOEXEC), "copy of the tree");
    refused(syscall(SYS_fsopen, "proc", 0), "fsopen");
    refused(syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, &(unsigned long[4]){0, 1}, 32), "mount_setattr");
    refused(syscall(SYS_pivot_root, "/tmp/inside", "/tmp/inside"), "pivot_root");
    // Last: in a deeper root the folder kept open would lead out of it, and further up.
    if (chroot("/tmp/inside") == 0) {
        refused(0, "chroot");
        refused(fchdir(outside), "out of it again");
        refused(chroot(up), "and up");
    }
    if (breaches == 0) {
        puts("held");
    }
}
