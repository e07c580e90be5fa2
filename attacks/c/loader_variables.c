//: what     sets what loaders and run-time systems read at their start, for a child and in files; the next run knows nothing of it
//: id       A-104
//: control  shared_scratch
//: inputs   first;second
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *FILES[] = {"/box/.profile", "/box/.bashrc", "/box/.bash_profile", "/box/.gdbinit", "/tmp/gconv-modules",
                              "/tmp/library.so", "/dev/shm/sitecustomize.py", "/tmp/rc"};
static const char *SYSTEM[] = {"/etc/ld.so.preload", "/etc/ld.so.cache", "/etc/environment", "/etc/profile", "/code/.profile"};
static const char *VARIABLES[] = {"LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "GCONV_PATH", "PYTHONPATH", "NODE_OPTIONS",
                                  "JAVA_TOOL_OPTIONS", "BASH_ENV", "ENV", "GLIBC_TUNABLES", "LOCPATH", "MALLOC_TRACE"};
#define COUNT(list) (sizeof list / sizeof list[0])

// A library that says so when it is loaded.
static int build_library(void) {
    static const char CODE[] = "#include <unistd.h>\n"
                               "__attribute__((constructor)) static void loaded(void) { if (write(1, \"l\", 1)) {} }\n";
    int file = open("/tmp/library.c", O_WRONLY | O_CREAT, 0600);
    int is_written = write(file, CODE, sizeof CODE - 1) == sizeof CODE - 1;
    close(file);
    return is_written && system("gcc -shared -fPIC -o /tmp/library.so /tmp/library.c") == 0;
}

static int count_loads(void) {
    FILE *output = popen("/code/solution child", "r");
    int count = 0;
    while (fgetc(output) == 'l') {
        count++;
    }
    pclose(output);
    return count;
}

int main(int count, char **arguments) {
    if (count > 1) {
        return 0;
    }
    int escaped = 0;
    for (unsigned i = 0; i < COUNT(FILES); i++) {
        if (access(FILES[i], F_OK) == 0) {
            printf("ESCAPED %s was left\n", FILES[i]);
            escaped++;
        }
    }
    for (unsigned i = 0; i < COUNT(VARIABLES); i++) {
        if (getenv(VARIABLES[i]) != NULL) {
            printf("ESCAPED %s is set\n", VARIABLES[i]);
            escaped++;
        }
    }
    if (count_loads() != 0) {
        puts("ESCAPED a library was loaded");
        escaped++;
    }
    for (unsigned i = 0; i < COUNT(SYSTEM); i++) {
        errno = 0;
        if (open(SYSTEM[i], O_WRONLY | O_CREAT, 0600) >= 0 || (errno != EROFS && errno != EACCES)) {
            printf("ESCAPED %s: errno %d\n", SYSTEM[i], errno);
            escaped++;
        }
    }
    for (unsigned i = 0; i < COUNT(FILES); i++) {
        close(open(FILES[i], O_WRONLY | O_CREAT, 0600));
    }
    if (!build_library()) {
        puts("no library");
    }
    for (unsigned i = 0; i < COUNT(VARIABLES); i++) {
        setenv(VARIABLES[i], "/tmp/library.so", 1);
    }
    // Of our own children we are the master: the shell and the program below it.
    if (count_loads() == 0) {
        puts("the library was not loaded");
    }
    if (escaped == 0) {
        puts("held");
    }
}
