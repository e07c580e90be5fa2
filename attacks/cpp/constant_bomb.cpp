//: what     a constant that takes for ever, with the compiler's own limits raised on its command line and by a pragma
//: id       A-053
//: control  cpu_time+wall_time
//: set      full
//: compile_options -fconstexpr-ops-limit=9223372036854775807 -fconstexpr-loop-limit=2147483647 -fconstexpr-depth=2147483647
//: expect   compile_error
//: error    of CPU time|of memory|longer than
#pragma GCC optimize("fconstexpr-ops-limit=9223372036854775807")
constexpr long count() {
    unsigned long total = 0;
    for (unsigned outer = 0; outer < 2000000000; outer++) {
        for (unsigned inner = 0; inner < 2000000000; inner++) {
            total ^= inner * outer;
        }
    }
    return total;
}
constexpr long value = count();

int main() {
    return value;
}
