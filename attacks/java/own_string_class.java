//: what     a class called String, so that what looks like the right function is none
//: id       A-132
//: mode     function
//: expect   runtime_error
//: error    NoSuchMethodException
public class Solution {
    static class String {
    }

    static String solve(String text) {
        return text;
    }
}
