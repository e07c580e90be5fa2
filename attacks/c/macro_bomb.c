//: what     macros that double forty times: the compiler's work, and the compiler's limits
//: id       A-054
//: set      full
//: expect   compile_error
//: error    of memory|of CPU time|longer than
#define A 1 + 1 + 1 + 1
#define B A + A + A + A + A + A + A + A
#define C B + B + B + B + B + B + B + B
#define D C + C + C + C + C + C + C + C
#define E D + D + D + D + D + D + D + D
#define F E + E + E + E + E + E + E + E
#define G F + F + F + F + F + F + F + F
#define H G + G + G + G + G + G + G + G
#define I H + H + H + H + H + H + H + H
#define J I + I + I + I + I + I + I + I
#define K J + J + J + J + J + J + J + J
#define L K + K + K + K + K + K + K + K
#define M L + L + L + L + L + L + L + L

int main(void) {
    return M;
}
