//: what     counts its calls in memory and in files and leaves a process, for the next input to find
//: id       A-124
//: control  shared_scratch
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   held
#include <filesystem>
#include <fstream>
#include <unistd.h>

static int calls;

std::string solve(const std::string &input_str) {
    if (++calls != 1) {
        return "ESCAPED memory of another input";
    }
    for (const char *path : {"/tmp/calls", "/box/calls"}) {
        if (std::filesystem::exists(path)) {
            return "ESCAPED a file of another input";
        }
        if (!(std::ofstream(path) << input_str << std::flush)) {
            return "no file";
        }
    }
    for (const auto &entry : std::filesystem::directory_iterator("/proc")) {
        const int pid = std::atoi(entry.path().filename().c_str());
        if (pid > 0 && pid != getpid()) {
            return "ESCAPED a process of another input";
        }
    }
    if (fork() == 0) {
        setsid();
        pause();
    }
    return "held";
}
