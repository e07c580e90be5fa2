#include <cfloat>
#include <iostream>
#include <vector>

int main() {
#ifdef FLT_MAX
    std::cout << "the first line was read\n";
#else
    std::cout << "the first line was not read\n";
#endif
}
