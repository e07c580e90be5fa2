//: what     a thread that never ends keeps a program alive until the wall
//: id       A-005
//: control  wall_time
//: limits   wall_time_ms=1500
//: expect   time_limit
//: error    ran for longer
//: output   done
public class Main {
    public static void main(String[] args) {
        new Thread(() -> {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException error) {
                throw new IllegalStateException(error);
            }
        }).start();
        System.out.println("done");
    }
}
