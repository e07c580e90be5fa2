//: what     starts threads until refused
//: limits   processes=40
//: expect   runtime_error
//: error    OutOfMemoryError
public class Main {
    public static void main(String[] args) {
        while (true) {
            Thread thread = new Thread(() -> {
                try {
                    Thread.sleep(30_000);
                } catch (InterruptedException error) {
                    throw new IllegalStateException(error);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }
}
