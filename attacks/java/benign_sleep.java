//: what     sleeps for half of its time: benign
//: id       G-10
//: limits   wall_time_ms=2000 cpu_time_ms=1000
//: expect   ok
//: output   slept
public class Main {
    public static void main(String[] args) throws InterruptedException {
        Thread.sleep(1000);
        System.out.println("slept");
    }
}
