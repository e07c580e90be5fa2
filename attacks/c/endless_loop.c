//: what     spins for ever
//: limits   cpu_time_ms=300
//: expect   time_limit
//: wall_ms  1500
int main(void) {
    for (volatile int i = 0;; i++) {
    }
}
