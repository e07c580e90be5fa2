//: what     looks for a terminal: by the names of devices, by descriptors and by what the library calls it
//: id       A-101
//: control  devices
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    static const char *NAMES[] = {"tty", "tty0", "tty1", "ttyS0", "hvc0", "console", "ptmx", "pts",
                                  "pts/ptmx", "pts/0", "vcs", "vcsa", "vcsu", "input", "uinput", "fb0", "kmsg", "mem", "kvm", "fuse", "net", "mapper", "shm/../tty"};
    int escaped = 0;
    for (unsigned i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "/dev/%s", NAMES[i]);
        if (open(path, O_RDWR | O_NOCTTY) >= 0 || errno != ENOENT) {
            printf("ESCAPED %s: errno %d\n", path, errno);
            escaped++;
        }
    }
    for (int descriptor = 0; descriptor < 256; descriptor++) {
        if (isatty(descriptor)) {
            printf("ESCAPED descriptor %d\n", descriptor);
            escaped++;
        }
    }
    if (ctermid(NULL) == NULL || open(ctermid(NULL), O_RDWR) >= 0) {
        puts("ESCAPED the terminal of the session");
        escaped++;
    }
    if (escaped == 0) {
        puts("held");
    }
}
