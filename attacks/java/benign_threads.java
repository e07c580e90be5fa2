//: what     eight threads sum what they share out: benign
//: id       G-01
//: expect   ok
//: output   499999500000
import java.util.concurrent.atomic.AtomicLong;

public class Main {
    public static void main(String[] args) throws Exception {
        AtomicLong total = new AtomicLong();
        Thread[] threads = new Thread[8];
        for (int index = 0; index < threads.length; index++) {
            int first = index;
            threads[index] = new Thread(() -> {
                long sum = 0;
                for (int number = first; number < 1_000_000; number += 8) {
                    sum += number;
                }
                total.addAndGet(sum);
            });
            threads[index].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(total);
    }
}
