int main() {
    volatile int number = 0;
    while (true) {
        number = number + 1;
    }
}
