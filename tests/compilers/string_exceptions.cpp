#include <string>
#include <cstdio>
#include <stdexcept>
#include <memory>

struct Loud {
    ~Loud() { std::puts("gone"); }
};

static int parse(const std::string &text) {
    auto loud = std::make_unique<Loud>();
    if (text.empty())
        throw std::invalid_argument("nothing to parse");
    return std::stoi(text);
}

int main() {
    try {
        std::printf("%d\n", parse("12"));
        std::printf("%d\n", parse(""));
    } catch (const std::exception &error) {
        std::printf("%s\n", error.what());
        return 3;
    }
}
