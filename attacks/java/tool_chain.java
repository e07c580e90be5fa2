//: what     tries to change Java's library, settings and archives, and to leave what later programs would load
//: id       A-076
//: control  readonly+landlock+uid
//: inputs   1;2
//: expect   ok;ok
//: output   held;held
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;

public class Main {
    static final List<String> BREACHES = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> files;
        try (Stream<Path> found = Files.walk(home, FileVisitOption.FOLLOW_LINKS)) {
            files = new ArrayList<>(found.filter(Files::isRegularFile).collect(Collectors.toList()));
        }
        files.add(Path.of("/code/program.jar"));
        if (files.size() < 50) {
            BREACHES.add("nothing: the library was not there");
        }
        for (Path file : files) {
            // Opening for writing is enough; nothing is written.
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                BREACHES.add("may write " + file);
            } catch (IOException error) {
                // Refused.
            }
        }
        for (Path folder : List.of(home, home.resolve("lib"), home.resolve("lib/server"), home.resolve("conf"), Path.of("/code"),
                Path.of("/usr/lib/jvm"), Path.of("/etc"))) {
            try {
                Path mark = Files.createFile(folder.resolve("mark.jar"));
                BREACHES.add("made " + mark);
                Files.delete(mark);
            } catch (IOException error) {
                // Refused.
            }
        }
        // These may be made, and must be gone in the next run.
        for (String path : List.of("/box/.java/.userPrefs", "/box/.hotspotrc", "/tmp/hsperfdata_student", "/dev/shm/mark")) {
            if (Files.exists(Path.of(path))) {
                BREACHES.add("left by an earlier run: " + path);
            }
            Files.createDirectories(Path.of(path));
        }
        BREACHES.stream().limit(20).forEach(breach -> System.out.println("ESCAPED " + breach));
        if (BREACHES.isEmpty()) {
            System.out.println("held");
        }
    }
}
