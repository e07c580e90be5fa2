//: what     prints exactly what may be kept: benign
//: id       G-07
//: limits   output_bytes=100000
//: expect   ok
//: length   100000
public class Main {
    public static void main(String[] args) {
        System.out.println("x".repeat(99_999));
    }
}
