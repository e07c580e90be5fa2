//: what     starts threads until refused
//: id       A-003
//: control  processes
//: limits   processes=40
//: expect   runtime_error
//: error    OutOfMemoryError
//: tasks    41
public class Main {
    public static void main(String[] args) {
        for (int count = 0; count < 500; count++) {
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
