//: what     tries to create a file in every folder it can see
//: id       A-075
//: control  readonly+landlock
//: expect   ok
//: output   [/box, /dev/shm, /tmp]
import java.io.File;
import java.util.*;

public class Main {
    static final Set<String> WRITTEN = new TreeSet<>();

    static void walk(File folder) {
        try {
            if (new File(folder, "mark").createNewFile()) {
                WRITTEN.add(folder.getPath());
            }
        } catch (java.io.IOException error) {
            // Refused.
        }
        File[] entries = folder.listFiles();
        for (File entry : entries == null ? new File[0] : entries) {
            if (entry.isDirectory() && !entry.getPath().equals("/proc") && !java.nio.file.Files.isSymbolicLink(entry.toPath())) {
                walk(entry);
            }
        }
    }

    public static void main(String[] args) {
        walk(new File("/"));
        System.out.println(WRITTEN);
    }
}
