// Function mode: stands in front of the code, so that no macro of it changes what is written here.
// <string> is for the code, too. More would cost every compilation: <iostream> 40 ms, the whole library a second.
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace code_runner {

// All of standard input.
inline std::string input() {
    std::string text;
    std::size_t length = 0;
    do {
        text.resize(2 * length + 65536);
        length += std::fread(&text[length], 1, text.size() - length, stdin);
    } while (length == text.size());
    text.resize(length);
    return text;
}

// What `solve` returned, as a text.
template <typename Value> std::string text(const Value &value) {
    static_assert(std::is_constructible_v<std::string, const Value &>, "solve must return a std::string");
    if constexpr (std::is_constructible_v<std::string, const Value &>) {
        return std::string(value);
    }
}

inline std::string text(std::string &&value) {
    return std::move(value);
}

// The function has returned: neither destructors of globals nor exit handlers nor other threads are waited for.
[[noreturn]] inline void answer(const std::string &text) {
    std::fflush(stdout);
    std::FILE *file = std::fopen("/answer", "w");
    if (file == nullptr || std::fputc('=', file) == EOF ||
        std::fwrite(text.data(), 1, text.size(), file) != text.size() || std::fclose(file) == EOF) {
        std::fputs("the answer could not be written\n", stderr);
        std::_Exit(1);
    }
    std::_Exit(0);
}

// Says what was thrown.
[[noreturn]] inline void failed() {
    std::fflush(stdout);
    const std::type_info *type = abi::__cxa_current_exception_type();
    const char *mangled = type == nullptr ? "exception" : type->name();
    int status = 0;
    const char *demangled = abi::__cxa_demangle(mangled, nullptr, nullptr, &status);
    std::string name = status == 0 ? demangled : mangled;
    // Without the function that a local class is of.
    const std::size_t function = name.rfind(")::");
    if (function != std::string::npos) {
        name.erase(0, function + 3);
    }
    std::fprintf(stderr, "uncaught %s", name.c_str());
    try {
        throw;
    } catch (const std::exception &error) {
        std::fprintf(stderr, ": %s", error.what());
    } catch (...) {
    }
    std::fputc('\n', stderr);
    std::_Exit(1);
}

}

// Not on the command line: headers that are compiled already must have been compiled with it.
#define main unused_main
