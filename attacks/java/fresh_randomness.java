//: what     starts Java ten times and compares the first random numbers, UUIDs, seeds and temporary names
//: id       A-121
//: set      full
//: expect   ok
//: output   held
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            System.out.println(new Random().nextLong() + " " + Math.random() + " " + UUID.randomUUID() + " "
                    + new SecureRandom().nextLong() + " " + Files.createTempDirectory("own"));
            return;
        }
        String[] kinds = {"Random", "Math.random", "UUID", "SecureRandom", "temporary name"};
        List<Set<String>> seen = new ArrayList<>();
        for (String kind : kinds) {
            seen.add(new HashSet<>());
        }
        for (int run = 0; run < 10; run++) {
            Process child = new ProcessBuilder("java", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-cp",
                    "/code/program.jar", "Main", "again").redirectErrorStream(true).start();
            String[] words = new String(child.getInputStream().readAllBytes()).trim().split(" ");
            for (int kind = 0; kind < kinds.length; kind++) {
                if (!seen.get(kind).add(words[kind])) {
                    System.out.println("ESCAPED " + kinds[kind]);
                    return;
                }
            }
        }
        System.out.println("held");
    }
}
