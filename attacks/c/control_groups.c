//: what     looks for control groups to move to, to raise its limits in or to leave an agent in, and mounts them itself
//: id       A-086
//: control  seccomp+landlock+uid+capabilities
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int breaches;

static void escaped(const char *what, const char *path) {
    printf("ESCAPED %s %s\n", what, path);
    breaches++;
}

static void look(const char *folder) {
    const char *files[] = {"cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "memory.max", "pids.max", "cpu.max",
                           "cgroup.kill", "cgroup.freeze", "tasks", "release_agent", "notify_on_release",
                           "memory/memory.limit_in_bytes", "pids/pids.max", "devices/devices.allow", "memory/release_agent"};
    char path[300];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        // Opening for writing is enough; nothing is written.
        if (access(path, F_OK) == 0) {
            escaped(open(path, O_WRONLY) >= 0 ? "may write" : "sees", path);
        }
    }
}

int main(void) {
    const char *kinds[] = {"cgroup2", "cgroup"};
    const char *options[] = {NULL, "memory", "pids", "freezer"};
    const char *folders[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/cgroup", "/dev/cgroup", "/proc/self/root/sys/fs/cgroup"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char child[200];
        look(folders[i]);
        snprintf(child, sizeof child, "%s/code-runner-probe", folders[i]);
        if (mkdir(child, 0700) == 0) {
            escaped("made", child);
            rmdir(child);
        }
    }
    mkdir("/tmp/groups", 0700);
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < sizeof options / sizeof *options; j++) {
            if (mount("none", "/tmp/groups", kinds[i], MS_RDONLY, options[j]) == 0) {
                escaped("mounted", kinds[i]);
                look("/tmp/groups");
                umount2("/tmp/groups", MNT_DETACH);
            } else if (errno != EPERM) {
                escaped(strerror(errno), kinds[i]);
            }
        }
        if (syscall(SYS_fsopen, kinds[i], 0) >= 0) {
            escaped("opened", kinds[i]);
        }
    }
    // A process that starts in another group; the kernel would say EBADF for the descriptor 0.
    if (syscall(SYS_clone3, &(unsigned long[11]){0x200000000UL, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0}, 88) >= 0 || errno != ENOSYS) {
        escaped("started", "in another group");
    }
    if (breaches == 0) {
        puts("held");
    }
}
