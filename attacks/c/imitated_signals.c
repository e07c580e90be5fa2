//: what     dies of the signal with which limits are enforced elsewhere
//: id       A-136
//: expect   runtime_error
//: error    signal 24
#include <signal.h>

int main(void) {
    raise(SIGXCPU);
}
