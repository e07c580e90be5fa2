#include <iostream>
#include <vector>
#include <algorithm>

int main() {
    std::vector<int> numbers{3, 1, 2};
    int unused;
    for (int i = 0; i < numbers.size(); i++)
        std::cout << numbers[i] << '\n';
}
