//: what     thirty thousand functions to compile, a thousand of which are called, written with few words: benign
//: id       G-23
//: expect   ok
//: output   1000
#include <stdio.h>

#define ONE(n) static inline int f##n(int x) { return x + 1; }
#define TEN(m, n) m(n##0) m(n##1) m(n##2) m(n##3) m(n##4) m(n##5) m(n##6) m(n##7) m(n##8) m(n##9)
#define TEN_ONES(n) TEN(ONE, n)
#define HUNDRED(n) TEN_ONES(n##0) TEN_ONES(n##1) TEN_ONES(n##2) TEN_ONES(n##3) TEN_ONES(n##4) TEN_ONES(n##5) TEN_ONES(n##6) \
    TEN_ONES(n##7) TEN_ONES(n##8) TEN_ONES(n##9)
#define THOUSAND(n) HUNDRED(n##0) HUNDRED(n##1) HUNDRED(n##2) HUNDRED(n##3) HUNDRED(n##4) HUNDRED(n##5) HUNDRED(n##6) \
    HUNDRED(n##7) HUNDRED(n##8) HUNDRED(n##9)
#define TEN_THOUSAND(n) THOUSAND(n##0) THOUSAND(n##1) THOUSAND(n##2) THOUSAND(n##3) THOUSAND(n##4) THOUSAND(n##5) \
    THOUSAND(n##6) THOUSAND(n##7) THOUSAND(n##8) THOUSAND(n##9)

TEN_THOUSAND(1)
TEN_THOUSAND(2)
TEN_THOUSAND(3)

#define CALL(n) x = f##n(x);
#define TEN_CALLS(n) TEN(CALL, n)
#define CALLS(n) TEN_CALLS(n##0) TEN_CALLS(n##1) TEN_CALLS(n##2) TEN_CALLS(n##3) TEN_CALLS(n##4) TEN_CALLS(n##5) TEN_CALLS(n##6) \
    TEN_CALLS(n##7) TEN_CALLS(n##8) TEN_CALLS(n##9)

int main(void) {
    int x = 0;
    CALLS(100) CALLS(101) CALLS(102) CALLS(103) CALLS(104) CALLS(105) CALLS(106) CALLS(107) CALLS(108) CALLS(399)
    printf("%d\n", x);
}
