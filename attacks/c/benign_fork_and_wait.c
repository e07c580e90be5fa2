//: what     forks twenty children and waits for each: benign
//: id       G-03
//: expect   ok
//: output   190
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    int total = 0;
    for (int number = 0; number < 20; number++) {
        int status = 0;
        if (fork() == 0) {
            _exit(number);
        }
        wait(&status);
        total += WEXITSTATUS(status);
    }
    printf("%d\n", total);
}
