//: what     calls inside of calls, each of which can be understood in several ways
//: id       A-057
//: expect   compile_error
//: error    memory|CPU time|longer than|ambiguous|StackOverflow|of CPU time
import java.util.function.*;

public class Main {
    static <T> T call(Function<Integer, T> f) { return f.apply(1); }
    static <T> T call(UnaryOperator<T> f) { return f.apply(null); }
    static <T> T call(IntFunction<T> f) { return f.apply(1); }
    static <T, U> T call(Supplier<U> f) { return null; }
    static void call(Consumer<Integer> f) { f.accept(1); }

    public static void main(String[] args) {
        Object o = call(x0 -> call(x1 -> call(x2 -> call(x3 -> call(x4 -> call(x5 -> call(x6 -> call(x7 -> call(x8 -> call(x9 -> call(x10 -> call(x11 -> call(x12 -> call(x13 -> call(x14 -> call(x15 -> call(x16 -> call(x17 -> call(x18 -> call(x19 -> call(x20 -> call(x21 -> call(x22 -> call(x23 -> call(x24 -> call(x25 -> call(x26 -> call(x27 -> call(x28 -> call(x29 -> call(x30 -> call(x31 -> call(x32 -> call(x33 -> call(x34 -> call(x35 -> call(x36 -> call(x37 -> call(x38 -> call(x39 -> 1))))))))))))))))))))))))))))))))))))))));
    }
}
