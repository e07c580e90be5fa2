//: what     is a shell script as well, which the compiler is told to start when it has no memory left: code that runs in the compiling box
//: id       A-062
//: control  host_files
//: compile_options -J-Xms2m -J-Xmx5m -J-XX:OnOutOfMemoryError=/usr/bin/sh${IFS}/code/Main.java
//: set      full
//: expect   compile_error
//: error    held
/*
[ -e /tmp/once ] || { : >/tmp/once; java -XX:+UseSerialGC -XX:-UsePerfData /code/Main.java; }
exit
*/
import java.io.*;
import java.net.ServerSocket;
import java.util.*;

public class Main {
    static final List<String> escaped = new ArrayList<>();

    interface Attempt {
        void run() throws IOException;
    }

    static void refused(String what, Attempt attempt, String... reasons) {
        String reason = "it worked";
        try {
            attempt.run();
        } catch (IOException error) {
            reason = String.valueOf(error.getMessage());
        }
        if (Arrays.stream(reasons).noneMatch(reason::contains)) {
            escaped.add("ESCAPED " + what + ": " + reason);
        }
    }

    public static void main(String[] args) {
        for (String path : List.of("/made", "/code/made", "/usr/lib/jvm/made", "/etc/made")) {
            refused("wrote " + path, () -> new FileOutputStream(path), "Read-only", "Permission denied");
        }
        for (String path : List.of("/var/tmp/code-runner-canary", "/root/code-runner-canary", "/etc/shadow", "/proc/1/environ")) {
            refused("opened " + path, () -> new FileInputStream(path), "No such file");
        }
        refused("a socket", () -> new ServerSocket(0), "Operation not permitted", "Permission denied");
        // As a message of the compiler it is seen.
        System.out.println("Main.java:1: " + (escaped.isEmpty() ? "held" : escaped));
    }
}
