//: what     loops that are worth compiling, with a call whose target changes half way: benign
//: id       G-15
//: expect   ok
//: output   4999999950000000 60000000
import java.util.function.IntUnaryOperator;

public class Main {
    static long sum(IntUnaryOperator operator, int count) {
        long sum = 0;
        for (int number = 0; number < count; number++) {
            sum += operator.applyAsInt(number);
        }
        return sum;
    }

    public static void main(String[] args) {
        long first = sum(number -> number, 100_000_000);
        long others = sum(number -> 1, 20_000_000) + sum(number -> 2, 20_000_000);
        System.out.println(first + " " + others);
    }
}
