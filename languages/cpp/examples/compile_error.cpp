int main() {
    int number = 1;
    return numbr;
}
