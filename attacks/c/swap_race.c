//: what     processes that outlive the program exchange folders and links as fast as they can while everything is cleared away
//: id       A-082
//: control  symlinks
//: inputs   1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25
//: expect   ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok;ok
//: output   held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held;held
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const folders[] = {"/box", "/tmp", "/dev/shm"};

static void exchange(const char *folder) {
    for (;;) {
        if (chdir(folder) != 0 || renameat2(AT_FDCWD, "real", AT_FDCWD, "link", RENAME_EXCHANGE) != 0) {
            _exit(1);
        }
    }
}

int main(void) {
    int followed = 0, seen_folder = 0, seen_link = 0;
    for (int i = 0; i < 3; i++) {
        if (chdir(folders[i]) != 0 || mkdir("real", 0700) != 0 || symlink("/etc", "link") != 0) {
            puts("ESCAPED nothing: no folder and link");
        }
        // Something to walk into: the same names as behind the link, and more of them.
        close(open("real/passwd.own", O_CREAT | O_WRONLY, 0600));
        for (int j = 0; j < 200; j++) {
            char name[40];
            snprintf(name, sizeof name, "real/%d", j);
            mkdir(name, 0700);
        }
        if (fork() == 0) {
            setsid();
            if (fork() == 0) {
                exchange(folders[i]);
            }
            _exit(0);
        }
    }
    for (int i = 0; (i < 1000 || seen_folder == 0 || seen_link == 0) && i < 50000 && followed == 0; i++) {
        chdir(folders[i % 3]);
        struct stat status;
        if (lstat("real", &status) == 0) {
            seen_folder += S_ISDIR(status.st_mode);
            seen_link += S_ISLNK(status.st_mode);
        }
        followed += open("real/passwd", O_RDONLY) >= 0 || open("link/passwd", O_RDONLY) >= 0;
    }
    if (seen_folder == 0 || seen_link == 0) {
        puts("ESCAPED nothing: there was no exchange");
    } else {
        puts(followed == 0 ? "held" : "ESCAPED followed a link out of the folder");
    }
    // The exchange goes on: nobody waits for those processes.
}
