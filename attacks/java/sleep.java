//: what     sleeps ten times the wall limit
//: id       A-005
//: control  wall_time
//: limits   wall_time_ms=800
//: expect   time_limit
//: error    ran for longer
//: wall_ms  1800
public class Main {
    public static void main(String[] args) throws Exception {
        Thread.sleep(8000);
    }
}
