//: what     a pipeline of other programs, and a shell: benign
//: id       G-02
//: expect   ok
//: output   b\n7
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <sys/wait.h>

int main() {
    std::string text;
    std::FILE *pipeline = popen("printf 'a\\nb\\n' | cat | sed -n 2p", "r");
    for (int letter; (letter = std::fgetc(pipeline)) != EOF;) {
        text += static_cast<char>(letter);
    }
    pclose(pipeline);
    std::cout << text << WEXITSTATUS(std::system("exit 7")) << '\n';
}
