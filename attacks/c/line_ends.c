//: what     lines that end with carriage returns alone, and form feeds
//: id       A-066
//: expect   ok
//: output   held
#include <stdio.h>
int main(void) {    // the rest of the program    puts("held");    return 0;}