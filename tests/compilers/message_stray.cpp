#include <iostream>

int main() {
    std::cout << “quoted” << std::endl;
}
