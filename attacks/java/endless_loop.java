//: what     spins for ever
//: id       A-004
//: control  cpu_time
//: limits   cpu_time_ms=800 wall_time_ms=8000
//: expect   time_limit
//: error    CPU time
public class Main {
    public static void main(String[] args) {
        while (true) {
        }
    }
}
