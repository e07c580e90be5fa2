int main(void) {
    __asm__("no such instruction");
}
