//: what     opens descriptors until refused: 256 in all
//: id       A-036
//: control  open_files
//: expect   ok
//: output   true Too many open files
import java.io.*;
import java.util.*;

public class Main {
    public static void main(String[] args) {
        // The machine may need files of its own later.
        System.out.print("");
        List<InputStream> kept = new ArrayList<>();
        String message = "";
        try {
            while (kept.size() < 10_000) {
                kept.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException error) {
            message = error.getMessage().replaceAll(".*\\((.*)\\)", "$1");
        }
        System.out.println((kept.size() > 200 && kept.size() <= 253) + " " + message);
    }
}
