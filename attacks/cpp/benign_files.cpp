//: what     a thousand temporary files, folders, renames: benign
//: id       G-09
//: expect   ok
//: output   1000 1 1004
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

namespace fs = std::filesystem;

int main() {
    const fs::path folder = fs::temp_directory_path() / "own";
    fs::create_directories(folder / "a/b/c");
    for (int number = 0; number < 1000; number++) {
        std::ofstream(folder / (std::to_string(number) + ".txt")) << number;
    }
    fs::rename(folder / "1.txt", folder / "a/b/c/1.txt");
    int count = 0;
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
        count += entry.is_regular_file();
    }
    std::cout << count << ' ' << fs::exists(folder / "a/b/c/1.txt") << ' ' << fs::remove_all(folder) << '\n';
}
