//: what     64 MiB of live data in vectors, maps and strings; mappings that come and go: benign
//: id       G-04 G-12
//: limits   memory_kib=262144
//: expect   ok
//: output   67108864 100000 1000
#include <iostream>
#include <map>
#include <numeric>
#include <string>
#include <sys/mman.h>
#include <vector>

int main() {
    std::vector<char> block(64 << 20, 1);
    std::map<int, std::string> words;
    for (int number = 0; number < 100'000; number++) {
        words[number] = "a word that is too long for the short form " + std::to_string(number);
    }
    int mapped = 0;
    for (int round = 0; round < 1000; round++) {
        void *page = mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        static_cast<char *>(page)[round] = 1;
        mapped += munmap(page, 1 << 16) == 0;
    }
    std::cout << std::accumulate(block.begin(), block.end(), 0L) << ' ' << words.size() << ' ' << mapped << '\n';
}
