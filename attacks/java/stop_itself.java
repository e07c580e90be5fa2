//: what     stops itself and its group instead of sleeping
//: id       A-006
//: control  wall_time
//: limits   wall_time_ms=1000
//: expect   time_limit
//: error    ran for longer
//: wall_ms  2000
public class Main {
    public static void main(String[] args) throws Exception {
        new ProcessBuilder("sh", "-c", "kill -STOP 0").start().waitFor();
    }
}
