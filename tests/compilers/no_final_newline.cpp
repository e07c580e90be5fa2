#include <vector>
#include <iostream>

int main() { std::cout << __LINE__; } // no end of its last line