//: what     includes a file that has no end
//: id       A-050
//: expect   compile_error
//: error    of memory|of CPU time|longer than
#include "/dev/zero"

int main() {
}
