//: what     no privilege, no way to one, and a filter; neutral names
//: id       A-099
//: control  capabilities
//: expect   ok
//: output   true [0000000000000000] 1 2 student
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;

public class Main {
    public static void main(String[] args) throws Exception {
        Map<String, String> status = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .map(line -> line.split(":\t", 2)).filter(parts -> parts.length == 2)
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        Set<String> capabilities = new TreeSet<>();
        for (String name : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            capabilities.add(status.get(name));
        }
        Set<String> ids = new TreeSet<>(List.of(status.get("Uid").split("\t")));
        ids.addAll(List.of(status.get("Gid").split("\t")));
        boolean unprivileged = ids.size() == 1 && Long.parseLong(ids.iterator().next()) >= 10_000
                && status.get("Groups").isBlank();
        System.out.println(unprivileged + " " + capabilities + " " + status.get("NoNewPrivs") + " " + status.get("Seccomp")
                + " " + System.getProperty("user.name"));
    }
}
