//: what     a byte every 50 ms until the wall: what was printed is kept
//: id       A-029
//: control  wall_time
//: limits   wall_time_ms=2500
//: expect   time_limit
//: error    longer than
//: output   0123456789
//: wall_ms  3500
public class Main {
    public static void main(String[] args) throws Exception {
        for (int number = 0; ; number++) {
            (number < 10 ? System.out : System.err).print(number % 10);
            Thread.sleep(50);
        }
    }
}
