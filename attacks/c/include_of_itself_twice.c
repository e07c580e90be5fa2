//: what     includes itself twice, each of which does so too
//: expect   compile_error
#include __FILE__
#include __FILE__

int main(void) {
    return 0;
}
