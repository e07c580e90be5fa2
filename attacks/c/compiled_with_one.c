//: what     differs from its twin in the options of the compiler alone, whose word it must find in itself
//: id       A-123
//: compile_options -DWORD=1 -O0
//: expect   ok
//: output   1
#include <stdio.h>

int main(void) {
    printf("%d\n", WORD);
}
