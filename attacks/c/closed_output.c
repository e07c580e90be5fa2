//: what     closes its output and works for a second: the verdict waits for its end, not for the pipe's, and not for the wall
//: id       A-030
//: expect   runtime_error
//: error    exit code 5
//: wall_ms  10000
#include <time.h>
#include <unistd.h>

int main(void) {
    close(1);
    close(2);
    while (clock() < CLOCKS_PER_SEC) {
    }
    return 5;
}
