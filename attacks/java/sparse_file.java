//: what     a file of a tebibyte that holds nothing
//: expect   runtime_error
//: error    File too large
public class Main {
    public static void main(String[] args) throws Exception {
        new java.io.RandomAccessFile("/box/giant", "rw").setLength(1L << 40);
    }
}
