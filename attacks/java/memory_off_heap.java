//: what     memory outside of the heap, through buffers and without any, until stopped
//: id       A-015
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit|runtime_error
//: peak_kib 137625
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        List<ByteBuffer> blocks = new ArrayList<>();
        try {
            while (true) {
                ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
                for (int page = 0; page < block.capacity(); page += 4096) {
                    block.put(page, (byte) 1);
                }
                blocks.add(block);
            }
        } catch (OutOfMemoryError error) {
            System.out.println("refused at first");
        }
        Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        sun.misc.Unsafe unsafe = (sun.misc.Unsafe) field.get(null);
        while (true) {
            unsafe.setMemory(unsafe.allocateMemory(1 << 20), 1 << 20, (byte) 1);
        }
    }
}
