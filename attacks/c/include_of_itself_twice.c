//: what     includes itself twice, each of which does so too
//: id       A-050
//: control  cpu_time+wall_time
//: set      full
//: expect   compile_error
//: error    longer than|of CPU time|of memory
#include __FILE__
#include __FILE__

int main(void) {
    return 0;
}
