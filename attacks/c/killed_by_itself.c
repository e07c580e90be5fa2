//: what     SIGKILL by its own hand is no limit
//: id       A-047
//: expect   runtime_error
//: error    signal 9 (SIGKILL
#include <signal.h>

int main(void) {
    raise(SIGKILL);
}
