//: what     a constant that takes for ever: the compiler gives up by itself
//: id       A-053
//: set      full
//: expect   compile_error
//: error    constexpr
constexpr int count() {
    unsigned total = 0;
    for (;;) {
        total++;
    }
    return total;
}
constexpr int value = count();

int main() {
    return value;
}
