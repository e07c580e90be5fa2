//: what     writes three times the cap to standard error, and waits: it is not let wait
//: id       A-027
//: control  output
//: limits   output_bytes=100000 wall_time_ms=4000
//: expect   output_limit
//: wall_ms  3500
public class Main {
    public static void main(String[] args) throws Exception {
        for (int count = 0; count < 300; count++) {
            System.err.print("y".repeat(1000));
        }
        Thread.sleep(60_000);
    }
}
