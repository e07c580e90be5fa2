#include <stdio.h>

// The assembler looks where it was started.
__asm__(".section .rodata\ntext: .incbin \"solution.c\"\n.byte 0\n.text");
extern const char text[];

int main(void) { fputs(text, stdout); }
