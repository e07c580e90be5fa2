//: what     forks twenty children and waits for each: benign
//: id       G-03
//: expect   ok
//: output   190
#include <iostream>
#include <sys/wait.h>
#include <unistd.h>

int main() {
    int total = 0;
    for (int number = 0; number < 20; number++) {
        int status = 0;
        pid_t child = fork();
        if (child == 0) {
            _exit(number);
        }
        waitpid(child, &status, 0);
        total += WEXITSTATUS(status);
    }
    std::cout << total << '\n';
}
