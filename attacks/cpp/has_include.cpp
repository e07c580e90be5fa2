//: what     asks the preprocessor which files of the host there are
//: id       A-051
//: control  host_files
//: expect   ok
//: output   held
#include <cstdio>

int main() {
#if !__has_include("/proc/self/status") || !__has_include("/etc/passwd")
    puts("cannot tell");
#elif __has_include("/var/tmp/code-runner-canary") || __has_include("/root/code-runner-canary")
    puts("ESCAPED the canaries");
#elif __has_include("/etc/shadow") || __has_include("/etc/hostname") || __has_include("/var/log/lastlog") || __has_include("/sys/kernel/notes")
    puts("ESCAPED files of the host");
#elif __has_include("/proc/1/cmdline") || __has_include("/proc/1/environ") || __has_include("/proc/cmdline")
    puts("ESCAPED processes of others");
#else
    puts("held");
#endif
}
