#include <cstdio>
#include <string>
#include <vector>
#include <algorithm>

int main() {
    std::vector<std::string> words;
    char word[64];
    while (std::scanf("%63s", word) == 1)
        words.emplace_back(word);
    std::stable_sort(words.begin(), words.end());
    for (const std::string &each : words)
        std::printf("%s\n", each.c_str());
}
