//: what     offers a child to the kernel as the one to be killed when memory runs out, and keeps its own: the whole box is killed
//: id       A-025
//: control  memory
//: limits   memory_kib=65536
//: expect   memory_limit
//: length   0
//: peak_kib 68812
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void score(const char *value) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY);
    // Refused, or at least no help.
    if (file >= 0 && write(file, value, strlen(value)) > 0 && value[0] == '-') {
        puts("ESCAPED a better score");
        fflush(stdout);
    }
    close(file);
}

int main(void) {
    const size_t length = 40 << 20;
    char *volatile kept = malloc(length);
    memset(kept, 1, length);
    score("-1000");
    score("-1");
    for (;;) {
        if (fork() == 0) {
            score("1000");
            for (;;) {
                char *volatile block = malloc(1 << 20);
                memset(block, 1, 1 << 20);
            }
        }
        int status = 0;
        wait(&status);
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
            usleep(500000);
            printf("survived with %d\n", kept[5]);
            return 0;
        }
    }
}
