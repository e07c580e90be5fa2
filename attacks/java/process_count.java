//: what     no more processes and threads than allowed, itself included
//: id       A-001
//: control  processes
//: limits   processes=40
//: expect   ok
//: output   true
//: tasks    41
import java.io.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        int tasks = 0;
        List<Process> children = new ArrayList<>();
        try {
            while (children.size() < 100) {
                children.add(new ProcessBuilder("sh", "-c", "read line").start());
            }
        } catch (IOException | OutOfMemoryError error) {
            for (File entry : new File("/proc").listFiles((folder, name) -> name.matches("\\d+"))) {
                String[] own = new File(entry, "task").list();
                tasks += own == null ? 0 : own.length;
            }
        }
        System.out.println(tasks > 20 && tasks <= 40);
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
