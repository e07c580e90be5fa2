//: what     empty files until refused
//: id       A-033
//: control  files
//: expect   ok
//: output   refused
import java.io.*;

public class Main {
    public static void main(String[] args) {
        try {
            for (int number = 0; number < 100_000; number++) {
                new File("/box/" + number).createNewFile();
            }
        } catch (IOException error) {
            System.out.println("refused");
        }
    }
}
