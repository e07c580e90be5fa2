//: what     includes itself
//: id       A-050
//: expect   compile_error
//: error    nested depth
#include __FILE__

int main(void) {
    return 0;
}
