//: what     a second machine that shares a mapped file with the first: benign
//: id       G-12 G-24
//: expect   ok
//: output   42 done
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel.MapMode;

public class Main {
    public static void main(String[] args) throws Exception {
        try (var file = new RandomAccessFile("/dev/shm/shared", "rw")) {
            var block = file.getChannel().map(MapMode.READ_WRITE, 0, 16);
            if (args.length == 1) {
                block.put(0, (byte) 42);
                System.out.println("done");
                return;
            }
            Process child = new ProcessBuilder("java", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-cp", "/code/program.jar", "Main",
                    "child").start();
            String said = new String(child.getInputStream().readAllBytes()).trim();
            child.waitFor();
            System.out.println(block.get(0) + " " + said);
        }
    }
}
