//: what     ends with status 0 while its class is being loaded
//: id       A-129
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
public class Solution {
    static {
        Runtime.getRuntime().halt(0);
    }

    static String solve(String text) {
        return text;
    }
}
