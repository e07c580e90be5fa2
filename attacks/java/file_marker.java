//: what     leaves a file in every place it may write to, and looks for what earlier runs have left
//: id       A-115
//: control  shared_scratch
//: inputs   1;2;3;4;5
//: expect   ok
//: output   held
import java.io.File;
import java.nio.file.*;

public class Main {
    public static void main(String[] args) throws Exception {
        boolean held = true;
        for (String place : new String[] {"/box", "/tmp", "/dev/shm"}) {
            for (String name : new File(place).list()) {
                System.out.println("ESCAPED " + place + "/" + name);
                held = false;
            }
            Files.writeString(Path.of(place, "marker" + place.replace('/', '-')), "marker");
        }
        if (held) {
            System.out.println("held");
        }
    }
}
