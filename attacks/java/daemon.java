//: what     leaves processes behind that hold the output open and are deaf to signals, and ends
//: id       A-041
//: control  teardown
//: expect   ok
//: output   done
//: wall_ms  5000
public class Main {
    public static void main(String[] args) throws Exception {
        new ProcessBuilder("sh", "-c", "trap '' HUP TERM INT QUIT PIPE; (while :; do :; done) & (while :; do :; done) &")
                .inheritIO().start().waitFor();
        System.out.println("done");
    }
}
