//: what     tens of thousands of errors, each with a long story
//: id       A-056
//: set      full
//: expect   compile_error
//: error    the compiler wrote more than
#define A 1 = 2;
#define B A A A A A A A A A A A A A A A A
#define C B B B B B B B B B B B B B B B B
#define D C C C C C C C C C C C C C C C C
#define E D D D D D D D D D D D D D D D D

int main() {
    E
}
