//: what     asks for devices that a box has not
//: id       A-050
//: control  devices
//: expect   ok
//: output   held
#include <cstdio>

int main() {
#if __has_include("/dev/tty") || __has_include("/dev/console") || __has_include("/dev/kmsg") || __has_include("/dev/mem")
    puts("ESCAPED a device of the host");
#else
    puts("held");
#endif
}
