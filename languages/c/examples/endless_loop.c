int main(void) {
    volatile int number = 0;
    for (;;) {
        number++;
    }
}
