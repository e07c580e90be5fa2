//: what     handles every signal it can and does nothing, then spins
//: id       A-012
//: control  cpu_time
//: limits   cpu_time_ms=800 wall_time_ms=8000
//: expect   time_limit
//: error    CPU time
import sun.misc.Signal;

public class Main {
    public static void main(String[] args) {
        for (String name : "HUP INT QUIT TERM ABRT ALRM USR1 USR2 CHLD XCPU XFSZ TSTP CONT PIPE IO WINCH".split(" ")) {
            try {
                Signal.handle(new Signal(name), signal -> { });
            } catch (IllegalArgumentException error) {
                // The virtual machine keeps it for itself.
            }
        }
        while (true) {
        }
    }
}
