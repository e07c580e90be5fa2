//: what     tries to change its own program for the next run: writing, replacing, linking, mapping
//: id       A-122
//: control  readonly+landlock
//: inputs   1;2;3
//: expect   ok
//: output   held
import java.io.*;
import java.nio.channels.*;
import java.nio.file.*;
import java.nio.file.attribute.*;
import java.util.*;
import java.util.concurrent.Callable;

public class Main {
    public static void main(String[] args) throws Exception {
        Path own = Path.of("/code/program.jar"), beside = Path.of("/code/other.jar");
        byte[] before = Files.readAllBytes(own);
        Map<String, Callable<?>> ways = new LinkedHashMap<>();
        ways.put("written", () -> Files.write(own, new byte[] {1}, StandardOpenOption.APPEND));
        ways.put("opened", () -> new RandomAccessFile("/code/program.jar", "rw"));
        ways.put("mapped", () -> FileChannel.open(own, StandardOpenOption.READ).map(FileChannel.MapMode.READ_WRITE, 0, 10));
        ways.put("renamed", () -> Files.move(own, beside));
        ways.put("replaced", () -> Files.move(Files.writeString(Path.of("/tmp/other.jar"), "x"), own, StandardCopyOption.REPLACE_EXISTING));
        ways.put("linked", () -> Files.createLink(Path.of("/tmp/link.jar"), own));
        ways.put("symlink", () -> Files.createSymbolicLink(Path.of("/code/link.jar"), own));
        ways.put("beside", () -> Files.writeString(beside, "x"));
        ways.put("mode", () -> Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx")));
        ways.put("times", () -> Files.setLastModifiedTime(own, FileTime.fromMillis(0)));
        boolean held = true;
        for (var way : ways.entrySet()) {
            try {
                way.getValue().call();
                System.out.println("ESCAPED " + way.getKey());
                held = false;
            } catch (IOException | NonWritableChannelException error) {
                // Refused.
            }
        }
        if (!Arrays.equals(before, Files.readAllBytes(own)) || before.length < 100) {
            System.out.println("ESCAPED another program");
            held = false;
        }
        if (held) {
            System.out.println("held");
        }
    }
}
