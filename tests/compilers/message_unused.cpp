#include <iostream>

static const int unused_constant = 1;
static int unused_number;
static int unused_function() { return 2; }

int main() {
    int number, unused_local;
    std::cin >> number;
    if (number = 4)
        printf("%s\n", number);
    return number
        + sizeof(int) > -1;
}
