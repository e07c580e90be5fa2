//: what     code that says it is part of the library
//: id       A-132
//: mode     function
//: expect   compile_error
//: error    package exists in another module
package java.lang;

public class Solution {
    static String solve(String text) {
        return text;
    }
}
