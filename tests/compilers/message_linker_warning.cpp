#include <cstdio>

int main() {
    char name[L_tmpnam];
    return std::tmpnam(name) == nullptr;
}
