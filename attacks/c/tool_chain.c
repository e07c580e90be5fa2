//: what     tries to change the compiler, its settings, headers and the C library, and looks for what an earlier run may have left
//: id       A-076
//: control  readonly+landlock+uid
//: inputs   1;2
//: expect   ok;ok
//: output   held;held
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int breaches, looked_at;

static void escaped(const char *what, const char *path) {
    printf("ESCAPED %s %s\n", what, path);
    breaches++;
}

int main(void) {
    const char *files[] = {"/usr/lib/gcc/x86_64-linux-gnu/*/*", "/usr/libexec/gcc/x86_64-linux-gnu/*/cc1", "/usr/bin/*",
                           "/usr/include/std*.h", "/usr/lib/x86_64-linux-gnu/*.so*", "/usr/lib/x86_64-linux-gnu/crt1.o",
                           "/usr/lib64/*", "/code/*"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        glob_t found = {0};
        glob(files[i], 0, NULL, &found);
        for (size_t j = 0; j < found.gl_pathc; j++) {
            // Opening for writing is enough; nothing is written.
            int file = open(found.gl_pathv[j], O_WRONLY | O_APPEND);
            looked_at++;
            if (file >= 0) {
                escaped("may write", found.gl_pathv[j]);
                close(file);
            } else if (errno != EROFS && errno != EACCES && errno != EISDIR && errno != ETXTBSY &&
                       access(found.gl_pathv[j], F_OK) == 0) {
                escaped(strerror(errno), found.gl_pathv[j]);
            }
            if (breaches > 20) {
                return 0;
            }
        }
        globfree(&found);
    }
    // What would be read by the next compiler or loader that starts.
    const char *new[] = {"/etc/ld.so.preload", "/etc/ld.so.cache", "/usr/lib/gcc/x86_64-linux-gnu/specs", "/usr/include/mark.h",
                         "/usr/lib/x86_64-linux-gnu/libmark.so", "/usr/bin/mark", "/code/mark.h", "/usr/local/include/mark.h"};
    for (size_t i = 0; i < sizeof new / sizeof *new; i++) {
        if (access(new[i], F_OK) == 0) {
            escaped("already there:", new[i]);
        }
        int file = open(new[i], O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (file >= 0) {
            escaped("made", new[i]);
            unlink(new[i]);
        }
    }
    // These may be made, and must be gone in the next run.
    const char *left[] = {"/tmp/ccmark.s", "/box/specs", "/dev/shm/mark"};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        int file = open(left[i], O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (file < 0) {
            escaped("left by an earlier run:", left[i]);
        }
    }
    if (looked_at < 20) {
        escaped("nothing: the tool chain was not", "there");
    }
    if (breaches == 0) {
        puts("held");
    }
}
