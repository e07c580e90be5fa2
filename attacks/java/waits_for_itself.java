//: what     two threads that each hold what the other waits for
//: id       A-005
//: control  wall_time
//: limits   wall_time_ms=1500
//: expect   time_limit
//: error    ran for longer
public class Main {
    public static void main(String[] args) throws Exception {
        Object first = new Object(), second = new Object();
        synchronized (first) {
            Thread other = new Thread(() -> {
                synchronized (second) {
                    synchronized (first) {
                        System.out.println("never");
                    }
                }
            });
            other.start();
            while (other.getState() != Thread.State.BLOCKED) {
                Thread.sleep(10);
            }
            synchronized (second) {
                System.out.println("never");
            }
        }
    }
}
