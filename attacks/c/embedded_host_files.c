//: what     has the assembler put the host's files into the program, by absolute and by relative names
//: id       A-052
//: control  host_files
//: expect   compile_error
//: error    Assembler messages
#include <stdio.h>

__asm__(".section .rodata\n.global first, second\n"
        "first: .incbin \"/var/tmp/code-runner-canary\"\n.byte 0\n"
        "second: .incbin \"../../../var/tmp/code-runner-canary\"\n.byte 0\n.text");
extern const char first[], second[];

int main(void) {
    printf("ESCAPED %s %s\n", first, second);
}
