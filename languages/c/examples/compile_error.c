int main(void) {
    int number = 1;
    return numbr;
}
