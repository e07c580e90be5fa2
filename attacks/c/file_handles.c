//: what     asks for the handle of a file of its own, and opens files by guessed handles
//: id       A-085
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int breaches;

static void refused(int result, const char *what) {
    if (result >= 0 || (errno != EPERM && errno != ENOSYS)) {
        printf("ESCAPED %s: %s\n", what, result >= 0 ? "worked" : strerror(errno));
        breaches++;
    }
}

int main(void) {
    struct file_handle *handle = calloc(1, sizeof *handle + MAX_HANDLE_SZ);
    const char *paths[] = {"/box/own", "/", "/usr/lib/x86_64-linux-gnu", "/etc/passwd", "/code/solution"};
    int mount;
    close(open("/box/own", O_CREAT | O_WRONLY, 0600));
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        handle->handle_bytes = MAX_HANDLE_SZ;
        refused(name_to_handle_at(AT_FDCWD, paths[i], handle, &mount, 0), paths[i]);
    }
    // The root folder of ext4 is inode 2 with generation 0; the others are the first ones of XFS and Btrfs.
    const unsigned roots[] = {2, 64, 96, 128, 256};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        int folder = open(paths[i], O_RDONLY);
        for (size_t j = 0; j < sizeof roots / sizeof *roots; j++) {
            handle->handle_bytes = 8;
            handle->handle_type = 1;
            memcpy(handle->f_handle, &(unsigned[2]){roots[j], 0}, 8);
            refused(open_by_handle_at(folder, handle, O_RDONLY), "a guessed handle");
        }
        close(folder);
    }
    if (breaches == 0) {
        puts("held");
    }
}
