//: what     a thousand temporary files, folders, renames: benign
//: id       G-09
//: expect   ok
//: output   1000 true
import java.nio.file.*;

public class Main {
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("own");
        for (int number = 0; number < 1000; number++) {
            Files.writeString(folder.resolve(number + ".txt"), String.valueOf(number));
        }
        Files.createDirectories(folder.resolve("a/b/c"));
        Files.move(folder.resolve("1.txt"), folder.resolve("a/b/c/1.txt"));
        try (var all = Files.walk(folder)) {
            System.out.println(all.filter(Files::isRegularFile).count() + " " + Files.exists(folder.resolve("a/b/c/1.txt")));
        }
    }
}
