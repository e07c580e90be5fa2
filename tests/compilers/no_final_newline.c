#include <stdio.h>

int main(void) { puts("no end of its last line"); } // here