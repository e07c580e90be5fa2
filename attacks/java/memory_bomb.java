//: what     allocates and touches memory until stopped, by the box or by Java's own heap
//: id       A-015
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit
//: peak_kib 137625
import java.util.*;

public class Main {
    public static void main(String[] args) {
        List<byte[]> blocks = new ArrayList<>();
        while (true) {
            blocks.add(new byte[1 << 20]);
        }
    }
}
