//: what     includes the compiler's standard input, which is empty and may not be opened again
//: id       A-050
//: expect   compile_error|ok
#include "/dev/stdin"
#include "/dev/fd/0"

int main() {
}
