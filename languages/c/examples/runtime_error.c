int main(void) {
    volatile int *volatile nowhere = 0;
    *nowhere = 1;
}
