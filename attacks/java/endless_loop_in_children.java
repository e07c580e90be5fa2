//: what     the main process sleeps, a shell it started spins: its CPU time counts
//: id       A-007
//: control  cpu_time
//: limits   cpu_time_ms=1000 wall_time_ms=10000
//: expect   time_limit
//: error    CPU time
public class Main {
    public static void main(String[] args) throws Exception {
        new ProcessBuilder("sh", "-c", "(while :; do :; done) & while :; do :; done").start();
        Thread.sleep(60_000);
    }
}
