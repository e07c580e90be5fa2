//: what     counts its calls in memory and in files and leaves a process, for the next input to find
//: id       A-124
//: control  shared_scratch
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   held
import java.nio.file.*;

public class Solution {
    static int calls;

    static String solve(String input) throws Exception {
        if (++calls != 1) {
            return "ESCAPED memory of another input";
        }
        for (Path path : new Path[] {Path.of("/tmp/calls"), Path.of("/box/calls")}) {
            if (Files.exists(path)) {
                return "ESCAPED a file of another input";
            }
            Files.writeString(path, input);
        }
        if (ProcessHandle.allProcesses().count() != 1) {
            return "ESCAPED a process of another input";
        }
        // A process that does nothing but stay.
        new ProcessBuilder("sh", "-c", "kill -STOP $$").start();
        return "held";
    }
}
