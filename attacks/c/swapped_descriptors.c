//: what     swaps its outputs, opens its input for writing, closes everything and ends: what arrived where is kept
//: id       A-128
//: inputs   1;2
//: expect   ok;runtime_error
//: error    ;first
//: output   second;second
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    char input = 0;
    read(0, &input, 1);
    dup2(1, 10);
    dup2(2, 1);
    dup2(10, 2);
    write(1, "first\n", 6);
    write(2, "second\n", 7);
    close(0);
    // In the place of the input, whichever of them can be had.
    int again = open("/proc/self/fd/1", O_WRONLY);
    again = again < 0 ? open("/dev/full", O_WRONLY) : again;
    write(0, "third\n", 6);
    for (int descriptor = 0; descriptor < 1024; descriptor++) {
        close(descriptor);
    }
    return input == '1' ? 0 : 7;
}
