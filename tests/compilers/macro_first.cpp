// What stands before its headers changes them: compiled ones would be wrong.
#define _GLIBCXX_ASSERTIONS
#include <iostream>
#include <vector>

int main() {
    std::vector<int> none;
    std::cout << none[1] << '\n';
}
