//: what     shells that start themselves for ever
//: limits   cpu_time_ms=1500 processes=40 wall_time_ms=6000
//: expect   time_limit|runtime_error
public class Main {
    public static void main(String[] args) throws Exception {
        new ProcessBuilder("sh", "-c", "f() { f & f & }; while :; do f; done").start();
        while (true) {
            try {
                new ProcessBuilder("sh", "-c", "while :; do (:) & done").start();
            } catch (java.io.IOException error) {
                // There is no room for one more.
            }
        }
    }
}
