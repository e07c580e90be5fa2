#include <vector>
#include <iostream>
#include <numeric>

int main() {
    std::vector<long> numbers;
    for (long number; std::cin >> number;)
        numbers.push_back(number);
    std::cout << std::accumulate(numbers.begin(), numbers.end(), 0L) << "\n" << numbers.at(1) << "\n";
}
