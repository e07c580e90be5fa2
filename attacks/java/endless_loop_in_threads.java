//: what     the main thread sleeps, others spin: their CPU time counts
//: id       A-004
//: control  cpu_time
//: limits   cpu_time_ms=1000 wall_time_ms=10000
//: expect   time_limit
//: error    CPU time
public class Main {
    public static void main(String[] args) throws Exception {
        for (int number = 0; number < 40; number++) {
            Thread thread = new Thread(() -> {
                while (true) {
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        Thread.sleep(60_000);
    }
}
