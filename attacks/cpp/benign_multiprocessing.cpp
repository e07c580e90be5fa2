//: what     memory that parent and child share, with an atomic number in it: benign
//: id       G-24
//: expect   ok
//: output   4000
#include <atomic>
#include <iostream>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main() {
    void *block = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    auto *count = new (block) std::atomic<int>(0);
    for (int child = 0; child < 4; child++) {
        if (fork() == 0) {
            for (int round = 0; round < 1000; round++) {
                (*count)++;
            }
            _exit(0);
        }
    }
    while (wait(nullptr) > 0) {
    }
    std::cout << *count << '\n';
}
