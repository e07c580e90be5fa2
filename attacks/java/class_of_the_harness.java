//: what     brings a class with the name of the harness, which is not the one that is started
//: id       A-132
//: mode     function
//: expect   ok
//: output   4
public class Solution {
    static String solve(String text) {
        return text;
    }
}

final class CodeRunner {
    public static void main(String[] args) throws Exception {
        try (var file = new java.io.FileOutputStream("/answer")) {
            file.write("=forged".getBytes());
        }
    }
}
