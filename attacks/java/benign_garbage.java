//: what     makes four times its memory of garbage, which the collector has to find: benign
//: id       G-19 G-20
//: limits   memory_kib=131072
//: expect   ok
//: output   536870912
public class Main {
    static byte[] kept;

    public static void main(String[] args) {
        long total = 0;
        for (int number = 0; number < 512; number++) {
            kept = new byte[1 << 20];
            total += kept.length;
        }
        System.out.println(total);
    }
}
