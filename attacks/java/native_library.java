//: what     loads files that are no libraries as native code
//: id       A-103
//: expect   ok
//: output   []
import java.nio.file.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        Files.writeString(Path.of("/tmp/own.so"), "\u007fELF nothing of the kind");
        List<String> loaded = new ArrayList<>();
        for (String path : List.of("/tmp/own.so", "/dev/zero", "/proc/self/mem", "/code/program.jar")) {
            try {
                System.load(path);
                loaded.add(path);
            } catch (UnsatisfiedLinkError error) {
                // Refused.
            }
        }
        System.out.println(loaded);
    }
}
