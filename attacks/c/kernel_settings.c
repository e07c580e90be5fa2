//: what     opens the kernel's settings for writing, maps ids of its own, and reads what the kernel knows of itself
//: id       A-073
//: control  proc
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int breaches;

static void escaped(const char *what, const char *path) {
    printf("ESCAPED %s %s\n", what, path);
    breaches++;
}

// Opening alone shows the hole; nothing is ever written to the kernel's settings.
static void try_open(const char *path, int flags, const char *what) {
    int file = open(path, flags | O_NONBLOCK);
    if (file >= 0) {
        escaped(what, path);
        close(file);
    } else if (errno != ENOENT && errno != EACCES && errno != EROFS && errno != EPERM) {
        escaped(strerror(errno), path);
    }
}

static int setting(const char *path, const struct stat *status, int type, struct FTW *at) {
    if (type == FTW_F) {
        try_open(path, O_WRONLY, "writes");
        try_open(path, O_RDONLY, "reads");
    }
    return breaches > 50;
}

int main(void) {
    const char *written[] = {"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger",
                             "/proc/sys/fs/binfmt_misc/register", "/proc/irq/default_smp_affinity", "/proc/mtrr",
                             "/proc/scsi/scsi", "/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups",
                             "/proc/self/projid_map", "/proc/self/loginuid", "/proc/self/timens_offsets"};
    const char *read[] = {"/proc/kcore", "/proc/kmsg", "/proc/kallsyms", "/proc/keys", "/proc/key-users", "/proc/timer_list",
                          "/proc/sched_debug", "/proc/config.gz", "/proc/cmdline", "/proc/iomem", "/proc/ioports",
                          "/proc/modules", "/proc/slabinfo", "/proc/vmallocinfo", "/proc/kpagecount", "/proc/kpageflags",
                          "/proc/interrupts", "/proc/partitions", "/proc/mounts", "/proc/locks", "/proc/latency_stats",
                          "/proc/sysvipc/shm", "/proc/net/dev", "/proc/acpi", "/proc/bus", "/proc/driver", "/proc/fs"};
    if (access("/proc/self/status", R_OK) != 0) {
        escaped("nothing: no", "/proc");
    }
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        try_open(written[i], O_WRONLY, "writes");
    }
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
        try_open(read[i], O_RDONLY, "reads");
    }
    nftw("/proc/sys", setting, 20, FTW_PHYS);
    if (breaches == 0) {
        puts("held");
    }
}
