//: what     shows the whole environment, as given and as the kernel keeps it
//: id       A-070
//: control  environment
//: expect   ok
//: output   [HOME=/box, LANG=C.UTF-8, PATH=/usr/bin, TMPDIR=/tmp] same
import java.nio.file.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        Set<String> given = new TreeSet<>();
        System.getenv().forEach((name, value) -> given.add(name + "=" + value));
        Set<String> kept = new TreeSet<>(List.of(Files.readString(Path.of("/proc/self/environ")).split("\0")));
        System.out.println(kept + (given.equals(kept) ? " same" : " " + given));
    }
}
