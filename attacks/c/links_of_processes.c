//: what     follows the links of /proc to roots, folders, files and memory of every process there could be
//: id       A-080
//: control  proc
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <dirent.h>
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

// A link of our own must lead to where the plain path leads.
static void same(const char *link, const char *path) {
    struct stat left, right;
    if (stat(link, &left) != 0 || stat(path, &right) != 0) {
        escaped("nothing: can not see", link);
    } else if (left.st_ino != right.st_ino || left.st_dev != right.st_dev) {
        escaped("is another file:", link);
    }
}

int main(void) {
    const char *names[] = {"root", "cwd", "exe", "fd", "fd/3", "fd/4", "map_files", "mem", "ns/mnt", "task", "environ", "root/etc"};
    char path[300];
    for (int pid = 1; pid < 40000; pid++) {
        snprintf(path, sizeof path, "/proc/%d", pid);
        if (pid == getpid() || access(path, F_OK) != 0) {
            continue;
        }
        escaped("sees", path);
        for (size_t i = 0; i < sizeof names / sizeof *names && breaches < 50; i++) {
            snprintf(path, sizeof path, "/proc/%d/%s", pid, names[i]);
            int file = open(path, O_RDONLY | O_NONBLOCK);
            if (file >= 0) {
                escaped("opens", path);
                close(file);
            }
        }
    }
    same("/proc/self/root", "/");
    same("/proc/self/cwd", "/box");
    same("/proc/self/exe", "/code/solution");
    same("/proc/self/root/proc/self/root/..", "/");
    same("/proc/thread-self/root/", "/");

    // The descriptors it has are pipes, and lead to nothing else.
    for (int descriptor = 0; descriptor < 3; descriptor++) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
        struct stat status;
        if (stat(path, &status) != 0 || !S_ISFIFO(status.st_mode)) {
            escaped("is no pipe:", path);
        }
        strcat(path, "/..");
        if (open(path, O_PATH) >= 0) {
            escaped("leads somewhere:", path);
        }
    }
    // Files in memory by their place there: a way round the mounts that needs a capability.
    DIR *folder = opendir("/proc/self/map_files");
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        snprintf(path, sizeof path, "/proc/self/map_files/%s", entry->d_name);
        if (entry->d_name[0] != '.' && (open(path, O_RDWR) >= 0 || open(path, O_RDONLY) >= 0)) {
            escaped("opens", path);
        }
    }
    if (breaches == 0) {
        puts("held");
    }
}
