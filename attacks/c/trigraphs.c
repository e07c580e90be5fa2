//: what     trigraphs that continue a comment and close a text
//: id       A-066
//: compile_options -trigraphs
//: expect   ok
//: output   held
#include <stdio.h>

int main(void) ??<
    int escaped = 0;
    // what is in this line does not end here ??/
    escaped = 1;
    puts(escaped ? "ESCAPED" : "held");
??>
