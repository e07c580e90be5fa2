//: what     walks the stack to the harness and changes its fields and the streams and texts it uses: only its own answer suffers
//: id       A-131
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   1;4;9
import java.lang.reflect.*;
import java.util.*;

public class Solution {
    static String solve(String input) throws Exception {
        int answer = Integer.parseInt(input) * Integer.parseInt(input);
        if (!input.equals("2")) {
            return "" + answer;
        }
        List<String> found = new ArrayList<>();
        Set<Class<?>> callers = new LinkedHashSet<>();
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).forEach(frame -> callers.add(frame.getDeclaringClass()));
        for (Class<?> caller : callers) {
            for (Field field : caller == Solution.class ? new Field[0] : caller.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    Object value = field.get(null);
                    if (value instanceof Collection || value instanceof Map || value instanceof Object[]) {
                        found.add("ESCAPED " + field);
                    }
                    field.set(null, null);
                } catch (ReflectiveOperationException | InaccessibleObjectException error) {
                    // Closed, or constant.
                }
            }
        }
        Thread[] threads = new Thread[20];
        for (int index = Thread.enumerate(threads) - 1; index >= 0; index--) {
            threads[index].setUncaughtExceptionHandler((thread, error) -> Runtime.getRuntime().halt(0));
        }
        return found.isEmpty() ? "" + answer : String.join("\n", found);
    }
}
