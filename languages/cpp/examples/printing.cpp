#include <iostream>
std::cout << "debug\n";
return input_str;
