//: what     calls the harness from inside of itself, its private parts too: an answer it gives so is its own
//: id       A-131
//: mode     function
//: expect   ok
//: output   inner
import java.lang.reflect.*;

public class Solution {
    static boolean started;

    static String solve(String text) throws Exception {
        if (started) {
            return "inner";
        }
        started = true;
        Class<?> harness = Class.forName("coderunner.CodeRunner");
        Method call = harness.getDeclaredMethod("call", String.class);
        call.setAccessible(true);
        if (!call.invoke(null, "5").equals("inner")) {
            return "another";
        }
        harness.getDeclaredMethod("main", String[].class).setAccessible(true);
        Method main = harness.getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) new String[0]);
        return "outer";
    }
}
