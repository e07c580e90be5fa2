//: what     prints now and then until the wall: what was printed is kept
//: limits   wall_time_ms=1500
//: expect   time_limit
//: output   first\nsecond
public class Main {
    public static void main(String[] args) throws Exception {
        System.out.println("first");
        System.out.println("second");
        while (true) {
            Thread.sleep(50);
        }
    }
}
