//: what     code that says it is part of the library
//: mode     function
//: expect   compile_error|runtime_error
package java.lang;

public class Solution {
    static String solve(String text) {
        return text;
    }
}
