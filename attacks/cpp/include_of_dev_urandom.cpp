//: what     includes random bytes without an end
//: id       A-050
//: set      full
//: expect   compile_error
//: error    of memory|of CPU time|longer than
#include "/dev/urandom"

int main() {
}
