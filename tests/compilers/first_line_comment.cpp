// The compiled headers take the place of this line, and those that follow are none.
#include <map>
#include <iostream>
#include <vector>

int main() {
    std::map<int, std::vector<int>> lists{{__LINE__, {1, 2}}};
    for (const auto &[number, list] : lists)
        std::cout << number << ' ' << list.size() << '\n';
}
