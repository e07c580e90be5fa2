//: what     64 MiB of live data, and as much outside of the heap: benign
//: id       G-04
//: limits   memory_kib=262144
//: expect   ok
//: output   67108864 67108864
import java.nio.ByteBuffer;

public class Main {
    public static void main(String[] args) {
        byte[] block = new byte[64 << 20];
        ByteBuffer outside = ByteBuffer.allocateDirect(64 << 20);
        for (int page = 0; page < block.length; page += 4096) {
            block[page] = 1;
            outside.put(page, (byte) 1);
        }
        System.out.println(block.length + " " + outside.capacity());
    }
}
