//: what     SIGKILL by its own hand is no limit
//: id       A-136
//: expect   runtime_error
//: error    SIGKILL
public class Main {
    public static void main(String[] args) throws Exception {
        new ProcessBuilder("sh", "-c", "kill -KILL " + ProcessHandle.current().pid()).start().waitFor();
        Thread.sleep(10_000);
    }
}
