//: what     a class that can not be loaded
//: id       A-129
//: mode     function
//: expect   runtime_error
//: error    ExceptionInInitializerError|ArithmeticException
public class Solution {
    static final int NUMBER = 1 / Integer.parseInt("0");

    static String solve(String text) {
        return text;
    }
}
