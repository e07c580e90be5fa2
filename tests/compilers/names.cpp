// What the compiler knows of the file's name and of its place.
#include <cassert>
#include <iostream>

#if __has_include("compile.sh") && __has_include("solution.cpp") && !__has_include("gate") && !__has_include("messages")
#define NEIGHBOURS "as they should be"
#else
#define NEIGHBOURS "wrong"
#endif

int main() {
    std::cout << __FILE__ << __BASE_FILE__ << __LINE__ << __INCLUDE_LEVEL__ << __COUNTER__ << '\n';
    std::cout << NEIGHBOURS << __COUNTER__ << __builtin_FILE() << __builtin_LINE() << '\n';
#line 100 "elsewhere.cpp"
    std::cout << __FILE__ << __BASE_FILE__ << __LINE__ << std::endl;
    assert(__LINE__ == 1);
}
