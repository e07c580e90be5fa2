//: what     a line that the assembler is to repeat for ever
//: id       A-055
//: expect   compile_error
//: error    out of memory
__asm__(".rept 2000000000\n.quad 1, 2, 3, 4, 5, 6, 7, 8\n.endr");

int main(void) {
    return 0;
}
