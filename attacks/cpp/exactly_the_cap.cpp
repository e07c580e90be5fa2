//: what     prints exactly what may be kept: benign
//: id       G-07
//: limits   output_bytes=100000
//: expect   ok
//: length   100000
#include <iostream>
#include <string>

int main() {
    std::cout << std::string(99'999, 'x') << std::endl;
}
