//: what     starts threads that start threads, refused or not
//: id       A-003
//: control  processes
//: limits   processes=40 cpu_time_ms=1500 wall_time_ms=8000 output_bytes=100000
//: expect   time_limit|output_limit|runtime_error
//: tasks    41
public class Main {
    static void more() {
        while (true) {
            try {
                new Thread(Main::more).start();
            } catch (Throwable error) {
                Thread.yield();
            }
        }
    }

    public static void main(String[] args) {
        more();
    }
}
