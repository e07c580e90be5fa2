//: what     writes to the memory of PID 1, to its own program and to the library
//: id       A-094
//: expect   ok
//: output   []
import java.io.*;
import java.util.*;

public class Main {
    public static void main(String[] args) {
        List<String> opened = new ArrayList<>();
        for (String path : List.of("/proc/1/mem", "/proc/1/environ", "/proc/self/oom_score_adj", "/code/program.jar",
                "/usr/bin/java", "/usr/bin/sh", System.getProperty("java.home") + "/lib/modules")) {
            try (RandomAccessFile file = new RandomAccessFile(path, "rw")) {
                file.writeBytes("-1000");
                opened.add(path);
            } catch (IOException error) {
                // Refused.
            }
        }
        System.out.println(opened);
    }
}
