//: what     shows the whole environment, as given and as the kernel keeps it
//: id       A-070
//: control  environment
//: expect   ok
//: output   HOME=/box LANG=C.UTF-8 PATH=/usr/bin TMPDIR=/tmp same
#include <fstream>
#include <iostream>
#include <set>
#include <string>

extern char **environ;

int main() {
    std::set<std::string> given, kept;
    for (char **variable = environ; *variable != nullptr; variable++) {
        given.insert(*variable);
    }
    std::ifstream file("/proc/self/environ");
    for (std::string variable; std::getline(file, variable, '\0');) {
        kept.insert(variable);
    }
    for (const std::string &variable : kept) {
        std::cout << variable << ' ';
    }
    std::cout << (given == kept ? "same" : "different") << '\n';
}
