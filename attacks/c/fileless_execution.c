//: what     runs itself from memory, from descriptors, by a script and with odd interpreters: always in the same box
//: id       A-103
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char image[1 << 20];
static ssize_t size;

// 0: the same box; 1: something is missing.
static int examine(void) {
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    int privileges = 1, filter = 0;
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        sscanf(line, "NoNewPrivs: %d", &privileges);
        sscanf(line, "Seccomp: %d", &filter);
    }
    int is_refused = syscall(SYS_unshare, 0x10000000) == -1 && errno == EPERM;
    int is_the_same = privileges == 1 && filter == 2 && is_refused && getuid() == geteuid() && getuid() >= 10000;
    if (!is_the_same) {
        puts("ESCAPED a program that was started by itself");
        fflush(stdout);
    }
    return !is_the_same;
}

static int in_memory(void) {
    int file = memfd_create("copy", 0);
    return write(file, image, size) == size ? file : -1;
}

static void write_file(const char *path, const char *text, size_t length) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    if (write(file, text, length) != (ssize_t)length || fchmod(file, 06755) != 0) {
        printf("%s could not be written\n", path);
    }
    close(file);
}

// The program with another interpreter (the file that the kernel loads and starts instead of it).
static void write_with(const char *interpreter) {
    static char copy[sizeof image];
    memcpy(copy, image, size);
    Elf64_Ehdr *head = (Elf64_Ehdr *)copy;
    Elf64_Phdr *parts = (Elf64_Phdr *)(copy + head->e_phoff);
    for (int i = 0; i < head->e_phnum; i++) {
        if (parts[i].p_type == PT_INTERP && strlen(interpreter) < parts[i].p_filesz) {
            strcpy(copy + parts[i].p_offset, interpreter);
            parts[i].p_filesz = strlen(interpreter) + 1;
        }
    }
    write_file("/tmp/odd", copy, size);
}

static char *ARGUMENTS[] = {"program", "child", NULL}, *NOTHING[] = {NULL};

static void run(int way) {
    char path[64];
    switch (way) {
    case 0:
        execveat(in_memory(), "", ARGUMENTS, NOTHING, AT_EMPTY_PATH);
        break;
    case 1:
        snprintf(path, sizeof path, "/proc/self/fd/%d", in_memory());
        execve(path, ARGUMENTS, NOTHING);
        break;
    case 2:
        write_file("/dev/shm/copy", image, size);
        execve("/dev/shm/copy", ARGUMENTS, NOTHING);
        break;
    case 3:
        write_file("/tmp/script", "#!/code/solution\n", 17);
        execve("/tmp/script", ARGUMENTS, NOTHING);
        break;
    case 4:
        execve("/lib64/ld-linux-x86-64.so.2", (char *[]){"ld.so", "/code/solution", "child", NULL}, NOTHING);
        execve("/usr/lib64/ld-linux-x86-64.so.2", (char *[]){"ld.so", "/code/solution", "child", NULL}, NOTHING);
        break;
    default:
        execve("/tmp/odd", ARGUMENTS, NOTHING);
    }
    _exit(2);
}

static int status_of(int way) {
    int status = 0;
    fflush(stdout);
    if (fork() == 0) {
        alarm(2);
        run(way);
    }
    wait(&status);
    return status;
}

int main(int count, char **arguments) {
    if (count > 1) {
        return examine();
    }
    int own = open("/code/solution", O_RDONLY), escaped = examine();
    size = read(own, image, sizeof image);
    for (int way = 0; way < 5; way++) {
        int status = status_of(way);
        if (status != 0) {
            printf("ESCAPED way %d: status %x\n", way, status);
            escaped++;
        }
    }
    static const char *INTERPRETERS[] = {"/proc/self/exe", "/proc/1/exe", "/dev/zero", "/etc/passwd",
                                         "/code",          "/tmp/odd",    "relative",  ""};
    for (unsigned i = 0; i < sizeof INTERPRETERS / sizeof INTERPRETERS[0]; i++) {
        write_with(INTERPRETERS[i]);
        // Not started, killed while it starts, or the copy itself.
        int status = status_of(5);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 1) {
            printf("ESCAPED by %s: status %x\n", INTERPRETERS[i], status);
            escaped++;
        }
    }
    if (escaped == 0) {
        puts("held");
    }
}
