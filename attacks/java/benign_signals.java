//: what     sends itself a signal that it handles, and naps: benign
//: id       G-11
//: expect   ok
//: output   woken
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

public class Main {
    public static void main(String[] args) throws Exception {
        CountDownLatch woken = new CountDownLatch(1);
        Signal.handle(new Signal("USR2"), signal -> woken.countDown());
        new Thread(() -> Signal.raise(new Signal("USR2"))).start();
        System.out.println(woken.await(5, TimeUnit.SECONDS) ? "woken" : "slept on");
    }
}
