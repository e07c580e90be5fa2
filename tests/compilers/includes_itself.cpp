// Twice, of which the second time by its name.
#if __INCLUDE_LEVEL__ == 0
#include <iostream>
static int sum(int first) {
    int number = first;
#include __FILE__
#include "solution.cpp"
    return number;
}
int main() { std::cout << sum(1) << '\n'; }
#else
number = number * 2 + __LINE__;
#endif
