#include <iostream>

int main() { std::cout << __TIMESTAMP__ << '\n'; }
