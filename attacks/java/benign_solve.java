//: what     a whole class with helpers and a main part that is not run: benign
//: id       A-133
//: mode     function
//: expect   ok
//: output   24
import java.util.stream.LongStream;

public class Solution {
    private static long multiply(long a, long b) {
        return a * b;
    }

    public String solve(String text) {
        return String.valueOf(LongStream.rangeClosed(1, Long.parseLong(text)).reduce(1, Solution::multiply));
    }

    public static void main(String[] args) {
        System.out.println(new Solution().solve("5"));
    }
}
