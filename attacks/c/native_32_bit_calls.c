//: what     calls by the door of 32-bit programs, where all numbers differ: nothing gets through
//: id       A-096 A-098
//: control  seccomp
//: expect   ok
//: output   refused
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int call(int number, int first, int second) {
    int result = number;
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(first), "c"(second), "d"(0) : "memory", "r8", "r9", "r10", "r11");
    return result;
}

int main(void) {
    char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    strcpy(low, "/box/through");
    // getpid, mkdir, ptrace, mount, unshare, socketcall, bpf
    int calls[][3] = {{20, 0, 0}, {39, (int)(long)low, 0700}, {26, 0, 0}, {21, 0, 0}, {310, 0x10000000, 0}, {102, 1, 0}, {357, 0, 0}};
    int reached = 0;
    for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        fflush(stdout);
        int status = 0;
        if (fork() == 0) {
            _exit(call(calls[i][0], calls[i][1], calls[i][2]) < 0 ? 0 : 1);
        }
        wait(&status);
        if (!WIFSIGNALED(status) && WEXITSTATUS(status) != 0) {
            printf("%d got through\n", calls[i][0]);
            reached++;
        }
    }
    struct stat made;
    if (stat(low, &made) == 0) {
        puts("a folder was made");
        reached++;
    }
    if (reached == 0) {
        puts("refused");
    }
}
