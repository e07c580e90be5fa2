//: what     a class called String, so that what looks like the right function is none
//: mode     function
//: expect   runtime_error|compile_error
public class Solution {
    static class String {
    }

    static String solve(String text) {
        return text;
    }
}
