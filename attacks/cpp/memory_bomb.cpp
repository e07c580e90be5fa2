//: what     allocates and touches memory until stopped, whatever is thrown
//: id       A-015
//: control  memory
//: limits   memory_kib=65536
//: expect   memory_limit
//: peak_kib 68812
#include <new>
#include <string>
#include <vector>

int main() {
    std::vector<std::string> blocks;
    for (;;) {
        try {
            blocks.emplace_back(1 << 20, 'x');
        } catch (const std::bad_alloc &) {
        }
    }
}
