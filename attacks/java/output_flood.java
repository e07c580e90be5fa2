//: what     prints for ever
//: id       A-026
//: control  output
//: limits   output_bytes=100000
//: expect   output_limit
//: length   100000
public class Main {
    public static void main(String[] args) {
        while (true) {
            System.out.println("x".repeat(1000));
        }
    }
}
