//: what     a class that is never done with being loaded
//: mode     function
//: limits   cpu_time_ms=1000
//: expect   time_limit
public class Solution {
    static final int NUMBER = number();

    static int number() {
        while (true) {
        }
    }

    static String solve(String text) {
        return text;
    }
}
