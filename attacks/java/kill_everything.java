//: what     kills every number there can be, where nobody is to be found, and in the end itself
//: id       A-044
//: control  pid_namespace
//: limits   cpu_time_ms=8000
//: expect   runtime_error
//: error    SIGKILL
//: output   held
import java.io.*;
import java.nio.file.*;

public class Main {
    public static void main(String[] args) throws Exception {
        long itself = ProcessHandle.current().pid();
        long parent = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L);
        if (itself > 100 || parent > 1 || Files.readString(Path.of("/proc/self/status")).contains("Uid:\t0\t")) {
            // Nothing is killed where it would do harm.
            System.out.println("ESCAPED as process " + itself + " of " + parent);
            return;
        }
        // Threads have numbers of the same kind.
        String own = String.join("|", new File("/proc/self/task").list());
        String script = "kill -STOP 1; kill -KILL 1; n=2; while [ $n -lt 20000 ]; do"
                + " case $n in $$|" + own + ") ;; *) kill -KILL $n && echo ESCAPED to $n ;; esac; n=$((n + 1)); done";
        new ProcessBuilder("sh", "-c", script).redirectError(new File("/tmp/said"))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT).start().waitFor();
        long gone = 0, refused = 0;
        for (String line : Files.readAllLines(Path.of("/tmp/said"))) {
            gone += line.contains("No such process") ? 1 : 0;
            refused += line.contains("not permitted") ? 1 : 0;
        }
        boolean held = gone > 19_900 && refused == 2;
        System.out.println(held ? "held" : "ESCAPED " + gone + " gone, " + refused + " refused");
        new ProcessBuilder("sh", "-c", "kill -KILL -1").start().waitFor();
    }
}
