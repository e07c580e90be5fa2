//: what     machines of their own that each keep less than the limit: the whole box is killed, no survivor reports
//: id       A-017
//: control  memory
//: limits   memory_kib=196608 processes=64
//: expect   memory_limit
//: length   0
//: peak_kib 206438
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        if (args.length == 1) {
            byte[] block = new byte[90 << 20];
            Arrays.fill(block, (byte) 1);
            Thread.sleep(5_000);
            System.out.println(block[1]);
            return;
        }
        List<Process> children = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            children.add(new ProcessBuilder("java", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xms120m", "-cp",
                    "/code/program.jar", "Main", "child").start());
        }
        for (Process child : children) {
            child.waitFor();
        }
        System.out.println("survived");
    }
}
