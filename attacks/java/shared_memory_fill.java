//: what     fills /dev/shm, /tmp and the work folder, which share one space
//: id       A-018
//: control  files
//: limits   file_bytes=1048576
//: expect   ok
//: output   refused refused refused true
import java.io.*;

public class Main {
    static long written;

    static String fill(String folder) {
        byte[] block = new byte[1 << 16];
        try (FileOutputStream file = new FileOutputStream(folder + "/fill")) {
            while (true) {
                file.write(block);
                written += block.length;
            }
        } catch (IOException error) {
            return "refused";
        }
    }

    public static void main(String[] args) {
        System.out.println(fill("/dev/shm") + " " + fill("/tmp") + " " + fill("/box") + " " + (written <= 1048576));
    }
}
