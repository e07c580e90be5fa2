//: what     looks for a privilege in every thread and descendant, one of which is native and asks for all of them back
//: id       A-099
//: control  capabilities
//: expect   ok
//: output   held
import java.io.IOException;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;

public class Main {
    // A program of 1008 bytes for x86-64, which calls setuid, setgid, setreuid, setregid, setresuid, setresgid,
    // setgroups, capset, prctl (ambient capabilities, secure bits, kept capabilities, new privileges, no filter) and
    // chown, each to become root; says `gained` for each that worked; and then copies /proc/self/status to its output.
    static final String PROGRAM = """
        f0VMRgIBAQAAAAAAAAAAAAIAPgABAAAAsABAAAAAAABAAAAAAAAAALACAAAAAAAAAAAAAEAAOAACAEAABQAEAAEAAAAHAAAAsAAAAAAA
        AACwAEAAAAAAALAAQAAAAAAA3AEAAAAAAADwEQAAAAAAACAAAAAAAAAAUeV0ZAYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAEAAAAAAAAABBVUG5AAJAAEG9jAJAAEFUQbwHAAAAVb0BAAAAU7vFAUAAZkGLQQRND79RCL74AUAASQ+/UQZmg/j/
        dBq+4AFAAGaD+P50D77AAUAAZoP4/XQESA+/8GZBi0ECv/gBQABmg/j/dBq/4AFAAGaD+P50D7/AAUAAZoP4/XQESA+/+EkPvwFFMcAP
        BUiFwHgRRTHSSInoSInvSIneTIniDwVJg8EKTTnND4V2////RTHJvQIAAABFMdJFMcC/zQFAAEiJ6EyJzkyJyg8FSInFvqACQAC6ABAA
        AEyJyEiJ7w8FSInDuAEAAABIicdIidoPBbjnAAAATInPTInOTInKDwVbXUFcQV3DAAAAAAAAAAAAAC9ib3gAZ2FpbmVkCgAvcHJvYy9z
        ZWxmL3N0YXR1cwAA////////////////////////////////IgUIIAAAAABpAAAAAAAAAAAAagAAAAAAAAAAAHEAAAAAAAAAAAByAAAA
        AAAAAAAAdQAAAAAAAAAAAHcAAAAAAAAAAAB0AAAAAAAAAAAAfgD///7/AAAAAJ0ALwACABUAAACdABwAAAAAAAAAnQAIAAEAAAAAAJ0A
        JgAAAAAAAACdABYAAAAAAAAAXAD9/wAAAAAAAAAuc2hzdHJ0YWIALnRleHQALnJvZGF0YQAuYnNzAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAALAAAAAQAAAAcAAAAAAAAAsABAAAAAAACwAAAA
        AAAAAAYBAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAEQAAAAEAAAACAAAAAAAAAMABQAAAAAAAwAEAAAAAAADMAAAAAAAAAAAA
        AAAAAAAAIAAAAAAAAAAAAAAAAAAAABkAAAAIAAAAAwAAAAAAAACgAkAAAAAAAIwCAAAAAAAAABAAAAAAAAAAAAAAAAAAACAAAAAAAAAA
        AAAAAAAAAAABAAAAAwAAAAAAAAAAAAAAAAAAAAAAAACMAgAAAAAAAB4AAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAA
        """;
    static final List<String> ESCAPED = new ArrayList<>();

    /** Notes what is not as it should be in a status of the kernel. */
    static void examine(String who, List<String> lines) {
        Map<String, String> status = lines.stream().map(line -> line.split(":", 2)).filter(parts -> parts.length == 2)
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip()));
        String user = status.getOrDefault("Uid", "none").split("\t")[0];
        String four = String.join("\t", user, user, user, user);
        Map<String, String> expected = new TreeMap<>(
                Map.of("NoNewPrivs", "1", "Seccomp", "2", "Groups", "", "Uid", four, "Gid", four));
        for (String name : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            expected.put(name, "0000000000000000");
        }
        expected.forEach((name, value) -> {
            if (!value.equals(status.get(name))) {
                ESCAPED.add("ESCAPED " + who + ": " + name + " is " + status.get(name));
            }
        });
        if (Long.parseLong(user) < 10_000 || lines.contains("gained")) {
            ESCAPED.add("ESCAPED " + who + ": " + lines.get(0) + ", user " + user);
        }
    }

    static void examineOutput(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        examine(command[0], new String(process.getInputStream().readAllBytes()).lines().toList());
    }

    static void examineThreads() throws IOException {
        Thread waiting = new Thread(() -> {
            try {
                Thread.sleep(100000);
            } catch (InterruptedException error) {
                // The end.
            }
        });
        waiting.start();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                try {
                    examine("a thread", Files.readAllLines(task.resolve("status")));
                } catch (NoSuchFileException error) {
                    // A thread that has ended.
                }
            }
        }
        waiting.interrupt();
    }

    public static void main(String[] args) throws Exception {
        byte[] program = Base64.getMimeDecoder().decode(PROGRAM);
        Path plain = Files.write(Path.of("/tmp/plain"), program), owned = Files.write(Path.of("/tmp/owned"), program);
        Files.setAttribute(plain, "unix:mode", 0100755);
        Files.setAttribute(owned, "unix:mode", 0106755);
        for (int turn = 0; turn < 2; turn++) {
            examineThreads();
            examineOutput("/usr/bin/cat", "/proc/self/status");
            examineOutput("/usr/bin/sh", "-c", "(/usr/bin/sh -c '/usr/bin/cat /proc/self/status; true'); true");
            examineOutput("/tmp/plain");
            examineOutput("/tmp/owned");
        }
        System.out.println(ESCAPED.isEmpty() ? "held" : String.join("\n", ESCAPED));
    }
}
