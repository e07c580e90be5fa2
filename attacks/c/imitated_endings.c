//: what     ends with the numbers and signals that mean limits elsewhere, or that PID 1 uses itself
//: id       A-136
//: inputs   124;137;152;143;70;255;-9;-24;-25;-31;-14
//: expect   runtime_error
//: error    code 124;code 137;code 152;code 143;code 70;code 255;SIGKILL;signal 24;signal 25;signal 31;signal 14
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int number = 0;
    if (scanf("%d", &number) == 1 && number < 0) {
        raise(-number);
    }
    return number;
}
