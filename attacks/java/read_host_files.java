//: what     looks for the host's secrets and everything else that is not in the box
//: id       A-069
//: control  host_files
//: expect   ok
//: output   []
import java.nio.file.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        List<String> seen = new ArrayList<>();
        for (String path : List.of("/etc/shadow", "/root", "/home", "/var", "/run", "/sys", "/boot", "/srv",
                "/usr/local", "/etc/ssh", "/proc/kcore", "/proc/kmsg", "/proc/sys", "/proc/meminfo", "/proc/cmdline", "/proc/1",
                "/proc/keys", "/proc/sysrq-trigger", "/dev/mem", "/dev/tty", "/dev/ptmx", "/dev/vda", "/dev/kvm",
                "/tmp/sources", "/tmp/classes")) {
            if (Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS)) {
                seen.add(path);
            }
        }
        // What is there for Java itself, and nothing beside it.
        for (String[] only : new String[][] {{"/opt", "code-runner"}, {"/opt/code-runner", "java"}}) {
            String[] names = Path.of(only[0]).toFile().list();
            if (names != null && !(names.length == 1 && names[0].equals(only[1]))) {
                seen.add(only[0] + " " + Arrays.toString(names));
            }
        }
        for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
            if (!line.startsWith("root:") && !line.startsWith("student:")) {
                seen.add(line);
            }
        }
        System.out.println(seen);
    }
}
