//: what     puts the box's own accounts into the program while it is compiled: they name nobody
//: id       A-052
//: control  host_files
//: expect   ok
//: output   0
#include <stdio.h>
#include <string.h>

__asm__(".section .rodata\n.global accounts\naccounts: .incbin \"/etc/passwd\"\n.byte 0\n.text");
extern const char accounts[];

int main(void) {
    int others = 0;
    for (const char *line = accounts; *line != '\0';) {
        others += strncmp(line, "root:", 5) != 0 && strncmp(line, "student:", 8) != 0;
        const char *end = strchr(line, '\n');
        line = end == NULL ? "" : end + 1;
    }
    printf("%d\n", others);
}
