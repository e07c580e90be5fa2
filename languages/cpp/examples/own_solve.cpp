#include <string>

static std::string twice(const std::string &text) {
    return text + text;
}

std::string solve(const std::string &text) {
    return twice(text);
}
