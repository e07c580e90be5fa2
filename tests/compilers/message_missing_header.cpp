#include <iostream>
#include <vector>

int main() {
    std::map<int, int> numbers;
    std::cout << numbers.size() << sqrt(2) << '\n';
}
