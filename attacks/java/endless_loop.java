//: what     spins for ever
//: limits   cpu_time_ms=800
//: expect   time_limit
//: wall_ms  3000
public class Main {
    public static void main(String[] args) {
        while (true) {
        }
    }
}
