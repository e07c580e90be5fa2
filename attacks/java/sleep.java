//: what     sleeps ten times the wall limit
//: limits   wall_time_ms=800
//: expect   time_limit
//: error    ran for longer
public class Main {
    public static void main(String[] args) throws Exception {
        Thread.sleep(8000);
    }
}
