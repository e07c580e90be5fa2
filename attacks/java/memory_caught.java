//: what     catches every error there is and asks for more memory
//: id       A-015
//: control  memory
//: limits   memory_kib=131072 cpu_time_ms=2000
//: expect   memory_limit|time_limit
//: peak_kib 137625
import java.util.*;

public class Main {
    public static void main(String[] args) {
        List<long[]> blocks = new ArrayList<>();
        while (true) {
            try {
                blocks.add(new long[1 << 14]);
            } catch (Throwable error) {
                blocks.add(null);
            }
        }
    }
}
