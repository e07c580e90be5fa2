//: what     writes to its own code through /proc, and to the memory of PID 1
//: id       A-094
//: expect   ok
//: output   refused
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    const char *paths[] = {"/proc/1/mem", "/proc/1/maps", "/proc/1/environ", "/proc/1/fd/3", "/proc/self/oom_score_adj",
                           "/proc/self/exe", "/code/solution", "/proc/sys/kernel/core_pattern"};
    int reached = 0;
    for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        int file = open(paths[i], O_RDWR);
        if (file >= 0 && write(file, "-1000", 5) == 5) {
            puts(paths[i]);
            reached++;
        }
    }
    if (reached == 0) {
        puts("refused");
    }
}
