//: what     fifty processes with a tenth of the limit each: the whole box is killed, no survivor reports
//: id       A-017
//: control  memory
//: limits   memory_kib=65536
//: expect   memory_limit
//: length   0
//: peak_kib 68812
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    for (int count = 0; count < 50; count++) {
        if (fork() == 0) {
            const size_t length = 65536 * 1024 / 10;
            volatile char *block = malloc(length);
            for (size_t at = 0; at < length; at += 4096) {
                block[at] = 1;
            }
            sleep(2);
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
    }
    puts("survived");
}
