#include <iostream>

int main() {
    int n = 0;
    if (!(std::cin >> n))
        n = 5;
        std::cout << n << '\n';
}
