//: what     recursion ten thousand deep, through a function object: benign
//: id       G-05
//: mode     function
//: expect   ok
//: output   10000
#include <functional>

std::string solve(const std::string &input_str) {
    std::function<int(int)> depth = [&](int n) { return n == 0 ? 0 : 1 + depth(n - 1); };
    return std::to_string(depth(10'000));
}
