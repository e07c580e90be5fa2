//: what     leaves a file in every place it may write to, and looks for what earlier runs have left
//: id       A-115
//: control  shared_scratch
//: inputs   1;2;3;4;5
//: expect   ok
//: output   held
#include <filesystem>
#include <fstream>
#include <iostream>

int main() {
    bool held = true;
    for (std::filesystem::path place : {"/box", "/tmp", "/dev/shm"}) {
        for (const auto &entry : std::filesystem::directory_iterator(place)) {
            std::cout << "ESCAPED " << entry.path() << '\n';
            held = false;
        }
        std::ofstream marker(place / ("marker" + place.filename().string()));
        if (!(marker << "marker" << std::flush)) {
            std::cout << "no marker in " << place << '\n';
            held = false;
        }
    }
    if (held) {
        std::cout << "held\n";
    }
}
