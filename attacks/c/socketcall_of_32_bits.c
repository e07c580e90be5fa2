//: what     makes sockets of every family by the calls of 32-bit programs, of which one hides the family behind a pointer
//: id       A-098
//: control  seccomp
//: expect   ok
//: output   held
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int call(int number, int first, int second, int third) {
    int result = number;
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(first), "c"(second), "d"(third) : "memory", "r8", "r9", "r10", "r11");
    return result;
}

int main(void) {
    int *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    int escaped = 0;
    for (int family = 0; family <= 50; family++) {
        for (int way = 0; way < 4; way++) {
            int kind = way % 2 ? 2 : 1, status = 0;
            low[0] = family, low[1] = kind, low[2] = 0;
            if (fork() == 0) {
                // socketcall(SYS_SOCKET, ...) or socket(...)
                int result = way < 2 ? call(102, 1, (int)(long)low, 0) : call(359, family, kind, 0);
                _exit(result >= 0 ? 1 : result == -EPERM ? 3 : 2);
            }
            wait(&status);
            // Refused by the filter, whatever the family; or a kernel that has no such calls.
            int is_refused = WIFEXITED(status) ? WEXITSTATUS(status) == 3 : WTERMSIG(status) == SIGSEGV;
            if (!is_refused) {
                printf("ESCAPED family %d: %s\n", family, WEXITSTATUS(status) == 1 ? "a socket" : "another answer");
                escaped++;
            }
        }
    }
    if (low == MAP_FAILED) {
        puts("could not be tried");
    } else if (escaped == 0) {
        puts("held");
    }
}
