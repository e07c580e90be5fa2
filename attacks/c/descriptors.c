//: what     looks at every descriptor number there can be: three pipes, and nothing of the server's
//: id       A-083
//: control  descriptors
//: expect   ok
//: output   held
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    int breaches = 0;
    for (int descriptor = 0; descriptor < 65536; descriptor++) {
        struct stat status;
        int open = fstat(descriptor, &status) == 0;
        if (descriptor < 3 ? !open || !S_ISFIFO(status.st_mode) : open) {
            char path[40], target[200] = "";
            snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
            readlink(path, target, sizeof target - 1);
            printf("ESCAPED %d %s\n", descriptor, open ? target : "is not open");
            breaches++;
        }
    }
    // The kernel's own list, in case there are higher ones: the three, and the folder that is just read.
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.' && atoi(entry->d_name) > 2 && atoi(entry->d_name) != dirfd(folder)) {
            printf("ESCAPED %s is in the list\n", entry->d_name);
            breaches++;
        }
    }
    if (folder == NULL) {
        puts("ESCAPED nothing: no list");
    } else if (breaches == 0) {
        puts("held");
    }
}
