//: what     classes without end, each a copy of itself, all kept
//: id       A-015
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit|runtime_error|time_limit
//: peak_kib 137625
import java.lang.invoke.MethodHandles;
import java.util.*;

public class Main {
    static class Copied {
        static final byte[] BLOCK = new byte[1 << 10];
    }

    public static void main(String[] args) throws Exception {
        byte[] bytes = Main.class.getResourceAsStream("/Main$Copied.class").readAllBytes();
        List<Object> kept = new ArrayList<>();
        while (true) {
            kept.add(MethodHandles.lookup().defineHiddenClass(bytes, true));
        }
    }
}
