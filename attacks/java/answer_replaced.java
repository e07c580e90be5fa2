//: what     removes, renames, links and replaces the answer's file: all refused, the answer is the returned one
//: id       A-126
//: mode     function
//: expect   ok
//: output   refused
import java.nio.file.*;
Path answer = Path.of("/answer"), other = Files.writeString(Path.of("/tmp/other"), "=other");
java.util.concurrent.Callable<?>[] calls = {
    () -> { Files.delete(answer); return 0; },
    () -> Files.move(answer, Path.of("/tmp/answer"), StandardCopyOption.ATOMIC_MOVE),
    () -> Files.move(other, answer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING),
    () -> Files.createLink(Path.of("/tmp/link"), answer),
    () -> Files.createDirectory(Path.of("/answers")),
};
String reached = "";
for (int number = 0; number < calls.length; number++) {
    try {
        calls[number].call();
        reached += number;
    } catch (java.io.IOException error) {
        // Refused.
    }
}
return reached.isEmpty() ? "refused" : reached;
