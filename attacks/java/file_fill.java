//: what     fills the scratch space; writing fails for the program only
//: id       A-032
//: control  files
//: limits   file_bytes=1048576
//: expect   ok
//: output   refused true
import java.nio.file.*;

public class Main {
    public static void main(String[] args) {
        long written = 0;
        boolean refused = false;
        try {
            for (int number = 0; number < 100; number++) {
                Files.write(Path.of("/box/fill" + number), new byte[100_000]);
                written += 100_000;
            }
        } catch (java.io.IOException error) {
            refused = true;
        }
        System.out.println("refused " + (refused && written <= 1048576));
    }
}
