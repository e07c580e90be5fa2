//: what     the same text is right in C and in C++ and sent as both: each must get what its own compiler made of it
//: id       A-123
//: expect   ok
//: output   held
#include <stdio.h>
#include <unistd.h>

int main(void) {
    int is_cpp = sizeof('a') == 1;
    int was_cpp = access("/code/solution.cpp", F_OK) == 0, was_c = access("/code/solution.c", F_OK) == 0;
    puts(is_cpp == was_cpp && is_cpp != was_c ? "held" : "ESCAPED the program of another language");
}
