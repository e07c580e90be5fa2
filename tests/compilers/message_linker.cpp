#include <iostream>

int twice(int number);

int main() {
    std::cout << twice(2) << '\n';
}
