//: what     a thousand templates to make and thirty thousand functions to compile, written with few words: benign
//: id       G-23
//: expect   ok
//: output   30000 1000
#include <iostream>
#include <utility>

#define ONE(n) inline int f##n(int x) { return x + 1; }
#define TEN(n) ONE(n##0) ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4) ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) ONE(n##9)
#define HUNDRED(n) TEN(n##0) TEN(n##1) TEN(n##2) TEN(n##3) TEN(n##4) TEN(n##5) TEN(n##6) TEN(n##7) TEN(n##8) TEN(n##9)
#define THOUSAND(n) HUNDRED(n##0) HUNDRED(n##1) HUNDRED(n##2) HUNDRED(n##3) HUNDRED(n##4) HUNDRED(n##5) HUNDRED(n##6) \
    HUNDRED(n##7) HUNDRED(n##8) HUNDRED(n##9)
#define TEN_THOUSAND(n) THOUSAND(n##0) THOUSAND(n##1) THOUSAND(n##2) THOUSAND(n##3) THOUSAND(n##4) THOUSAND(n##5) \
    THOUSAND(n##6) THOUSAND(n##7) THOUSAND(n##8) THOUSAND(n##9)

TEN_THOUSAND(1)
TEN_THOUSAND(2)
TEN_THOUSAND(3)

template <std::size_t N>
struct Number {
    static int value() { return N >= 0; }
};

template <std::size_t... N>
int sum(std::index_sequence<N...>) {
    return (Number<N>::value() + ...);
}

int main() {
    int x = f10000(f20000(f39999(29997)));
    std::cout << x << ' ' << sum(std::make_index_sequence<1000>()) << '\n';
}
