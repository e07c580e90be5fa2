//: what     mounts, moves, opens and asks for file systems by the old calls and the new ones
//: id       A-093
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TEXT(text) ((long)(text))

int main(void) {
    long attributes[4] = {0}, request[4] = {24, -1}, answer[64];
    struct {
        const char *name;
        long number, arguments[5];
    } calls[] = {
        // Where it is allowed, this makes us root of our own mounts, and the rest succeeds.
        {"unshare", SYS_unshare, {0x10020000}},
        {"mount tmpfs", SYS_mount, {TEXT("none"), TEXT("/tmp"), TEXT("tmpfs"), 0, 0}},
        {"mount proc", SYS_mount, {TEXT("none"), TEXT("/tmp"), TEXT("proc"), 0, 0}},
        {"mount bind", SYS_mount, {TEXT("/"), TEXT("/tmp"), 0, MS_BIND | MS_REC, 0}},
        {"mount remount", SYS_mount, {0, TEXT("/"), 0, MS_REMOUNT | MS_BIND, 0}},
        {"mount shared", SYS_mount, {0, TEXT("/"), 0, MS_SHARED | MS_REC, 0}},
        {"umount2", SYS_umount2, {TEXT("/tmp"), MNT_DETACH}},
        {"pivot_root", SYS_pivot_root, {TEXT("/tmp"), TEXT("/tmp")}},
        {"chroot", SYS_chroot, {TEXT("/tmp")}},
        {"open_tree", 428, {AT_FDCWD, TEXT("/"), 1}},
        {"move_mount", 429, {AT_FDCWD, TEXT("/tmp"), AT_FDCWD, TEXT("/box"), 0}},
        {"fsopen", 430, {TEXT("tmpfs"), 0}},
        {"fsconfig", 431, {0, 6, 0, 0, 0}},
        {"fsmount", 432, {0, 0, 0}},
        {"fspick", 433, {AT_FDCWD, TEXT("/"), 0}},
        {"mount_setattr", 442, {AT_FDCWD, TEXT("/"), 0, TEXT(attributes), sizeof attributes}},
        {"statmount", 457, {TEXT(request), TEXT(answer), sizeof answer, 0}},
        {"listmount", 458, {TEXT(request), TEXT(answer), 64, 0}},
        {"open_tree_attr", 467, {AT_FDCWD, TEXT("/"), 1, TEXT(attributes), sizeof attributes}},
        {"swapon", SYS_swapon, {TEXT("/tmp")}},
        {"quotactl", SYS_quotactl, {0}},
        {"quotactl_fd", 443, {0}},
        {"name_to_handle_at", SYS_name_to_handle_at, {AT_FDCWD, TEXT("/"), TEXT(answer), TEXT(request), 0}},
        {"open_by_handle_at", SYS_open_by_handle_at, {AT_FDCWD, TEXT(answer), 0}},
    };
    int escaped = 0;
    for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        long *a = calls[i].arguments;
        errno = 0;
        long result = syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4]);
        if (result != -1 || errno != EPERM) {
            printf("ESCAPED %s: %ld, errno %d\n", calls[i].name, result, errno);
            escaped++;
        }
    }
    if (escaped == 0) {
        puts("held");
    }
}
