//: what     spins before its main function is called: what it uses counts
//: id       A-068
//: control  cpu_time
//: limits   cpu_time_ms=300 wall_time_ms=4000
//: expect   time_limit
//: error    of CPU time
__attribute__((constructor)) static void before(void) {
    for (volatile unsigned count = 0;; count++) {
    }
}

int main(void) {
}
