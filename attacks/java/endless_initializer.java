//: what     a class that is never done with being loaded
//: id       A-004
//: control  cpu_time
//: mode     function
//: limits   cpu_time_ms=1000 wall_time_ms=8000
//: expect   time_limit
//: error    CPU time
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
