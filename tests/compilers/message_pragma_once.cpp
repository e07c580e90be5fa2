#pragma once
#include <iostream>

#ifdef SEEN
#error "was read twice"
#endif
#define SEEN
#include "solution.cpp"

int main() { std::cout << "once\n"; }
