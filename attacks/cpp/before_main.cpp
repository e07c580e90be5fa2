//: what     spins before its main function is called: what it uses counts
//: id       A-068
//: control  cpu_time
//: limits   cpu_time_ms=300 wall_time_ms=4000
//: expect   time_limit
//: error    of CPU time
struct Before {
    Before() {
        for (volatile unsigned count = 0; count < 4000000000; count = count + 1) {
        }
    }
} before;

int main() {
}
