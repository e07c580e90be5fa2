//: what     closes its output and goes on: the verdict waits for its end, not for the pipe's
//: id       A-030
//: expect   runtime_error
//: error    exit code 5
import java.io.*;

public class Main {
    public static void main(String[] args) throws Exception {
        new FileOutputStream(FileDescriptor.out).close();
        new FileOutputStream(FileDescriptor.err).close();
        Thread.sleep(300);
        Runtime.getRuntime().halt(5);
    }
}
