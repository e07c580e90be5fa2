//: what     shells that start themselves for ever
//: id       A-001
//: control  processes
//: limits   cpu_time_ms=1500 processes=40 wall_time_ms=6000
//: expect   time_limit
//: tasks    41
public class Main {
    public static void main(String[] args) {
        String[] scripts = {"f() { f & f & }; while :; do f; done", "while :; do (:) & done"};
        for (int count = 0;; count++) {
            try {
                new ProcessBuilder("sh", "-c", scripts[count % 2]).start();
            } catch (Throwable error) {
                // There is no room for one more process, or for the thread that waits for it.
                Thread.yield();
            }
        }
    }
}
