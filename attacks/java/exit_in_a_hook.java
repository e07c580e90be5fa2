//: what     a hook at the end of the machine that waits for the end of the machine
//: id       A-135
//: limits   wall_time_ms=1500
//: expect   time_limit
//: output   end
public class Main {
    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.exit(0)));
        System.out.println("end");
        System.exit(0);
    }
}
