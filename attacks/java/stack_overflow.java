//: what     recursion without end on a stack that is larger than all memory
//: id       A-021
//: control  memory
//: limits   memory_kib=131072
//: expect   runtime_error|memory_limit
//: peak_kib 137625
public class Main {
    static int f(int n) {
        return f(n + 1) + 1;
    }

    public static void main(String[] args) {
        new Thread(null, () -> System.out.println(f(0)), "deep", 1L << 30).start();
    }
}
