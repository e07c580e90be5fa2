//: what     a hundred thousand brackets inside of each other
//: id       A-067
//: expect   compile_error
#define A ((((((((((
#define B A A A A A A A A A A
#define C B B B B B B B B B B
#define D C C C C C C C C C C
#define E D D D D D D D D D D
#define V ))))))))))
#define W V V V V V V V V V V
#define X W W W W W W W W W W
#define Y X X X X X X X X X X
#define Z Y Y Y Y Y Y Y Y Y Y

int main(void) {
    return E 0 Z;
}
