//: what     no descriptor but three pipes and what Java has for itself: no file of the host, no folder, no socket
//: id       A-083
//: control  descriptors
//: expect   ok
//: output   pipe pipe pipe []
import java.nio.file.*;
import java.util.*;

public class Main {
    static String link(int descriptor) throws Exception {
        String link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
        return link.startsWith("pipe:") ? "pipe" : link;
    }

    public static void main(String[] args) throws Exception {
        List<String> others = new ArrayList<>();
        for (String name : new java.io.File("/proc/self/fd").list()) {
            int descriptor = Integer.parseInt(name);
            if (descriptor <= 2) {
                continue;
            }
            try {
                String link = link(descriptor);
                if (!link.startsWith("/usr/lib/jvm/") && !link.startsWith("/opt/code-runner/java/")
                        && !link.equals("/code/program.jar") && !link.startsWith("/dev/") && !link.startsWith("/proc/")) {
                    others.add(link);
                }
            } catch (NoSuchFileException error) {
                // The folder just read.
            }
        }
        System.out.println(link(0) + " " + link(1) + " " + link(2) + " " + others);
    }
}
