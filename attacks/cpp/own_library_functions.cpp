//: what     brings its own functions for ending, writing, allocating and starting: the verdict is what the kernel saw
//: id       A-068
//: expect   runtime_error
//: error    exit code 3
#include <cstddef>

extern "C" {
void *malloc(size_t size) {
    alignas(16) static char space[1 << 20];
    static size_t used;
    used += (size + 15) & ~(size_t)15;
    return used < sizeof space ? space + used - ((size + 15) & ~(size_t)15) : NULL;
}

void free(void *nothing) {
}

long write(int descriptor, const void *bytes, size_t size) {
    return size;
}

void _exit(int status) {
    for (;;) {
        __asm__ volatile("syscall" : : "a"(231L), "D"(0L) : "rcx", "r11", "memory");
    }
}

int __libc_start_main(int (*start)(int, char **, char **), int count, char **arguments) {
    long status = start(count, arguments, NULL);
    for (;;) {
        __asm__ volatile("syscall" : : "a"(231L), "D"(status) : "rcx", "r11", "memory");
    }
}
}

int main() {
    return 3;
}
