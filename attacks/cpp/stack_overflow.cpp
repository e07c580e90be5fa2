//: what     recursion without end, in objects that would be destroyed on the way back
//: id       A-021
//: expect   runtime_error
//: error    SIGSEGV
#include <cstdio>

struct Deep {
    volatile char here[1024];

    explicit Deep(const Deep *above) {
        here[0] = above == nullptr ? 1 : above->here[0];
        Deep next(this);
        here[1] = next.here[0];
    }

    ~Deep() {
        std::putchar(here[1]);
    }
};

int main() {
    try {
        Deep first(nullptr);
    } catch (...) {
        return 0;
    }
}
