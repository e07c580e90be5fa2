//: what     stops itself and its group instead of sleeping
//: limits   wall_time_ms=1000
//: expect   time_limit
public class Main {
    public static void main(String[] args) throws Exception {
        new ProcessBuilder("sh", "-c", "kill -STOP 0").start().waitFor();
    }
}
