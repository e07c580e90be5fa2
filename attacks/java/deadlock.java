//: what     writes half a megabyte before it reads as much
//: id       G-06
//: input_bytes 500000
//: expect   ok
//: length   500008
public class Main {
    public static void main(String[] args) throws Exception {
        System.out.println("x".repeat(500_000));
        System.out.println(System.in.readAllBytes().length);
    }
}
