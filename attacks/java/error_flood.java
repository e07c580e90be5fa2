//: what     writes to standard error for ever
//: limits   output_bytes=100000
//: expect   output_limit
public class Main {
    public static void main(String[] args) {
        while (true) {
            System.err.println("y".repeat(1000));
        }
    }
}
