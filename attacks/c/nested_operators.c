//: what     a hundred thousand operators in front of one number
//: id       A-067
//: expect   ok
#define A ~~~~~~~~~~
#define B A A A A A A A A A A
#define C B B B B B B B B B B
#define D C C C C C C C C C C
#define E D D D D D D D D D D

int main(void) {
    return E 0;
}
