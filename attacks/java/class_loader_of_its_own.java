//: what     loads the harness again with a loader of its own, and a class that would be one of the library
//: id       A-132
//: mode     function
//: expect   ok
//: output   true refused
public class Solution {
    static class Loader extends ClassLoader {
        Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    static String solve(String text) throws Exception {
        byte[] bytes = Solution.class.getResourceAsStream("/coderunner/CodeRunner.class").readAllBytes();
        Class<?> copy = new Loader().define("coderunner.CodeRunner", bytes);
        String library;
        try {
            new Loader().define("java.lang.CodeRunner", bytes);
            library = "defined";
        } catch (SecurityException | LinkageError error) {
            library = "refused";
        }
        return (copy != Class.forName("coderunner.CodeRunner")) + " " + library;
    }
}
