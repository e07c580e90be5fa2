import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Function mode: calls the student's {@code solve} once with the whole input and hands its answer over. */
final class CodeRunner {
    private CodeRunner() {
    }

    public static void main(String[] args) throws Exception {
        // Bound here, because the student's code may replace them.
        PrintStream out = System.out;
        PrintStream err = System.err;
        String input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        String answer;
        try {
            answer = String.valueOf(call(input));
        } catch (Throwable error) {
            Throwable own = error instanceof InvocationTargetException ? error.getCause() : error;
            hideFrames(own);
            out.flush();
            own.printStackTrace(err);
            err.flush();
            Runtime.getRuntime().halt(1);
            return;
        }
        out.flush();
        System.out.flush();
        try (FileOutputStream file = new FileOutputStream("/answer")) {
            file.write(("=" + answer).getBytes(StandardCharsets.UTF_8));
        }
        // No shutdown hooks, no waiting for threads: the function has returned.
        Runtime.getRuntime().halt(0);
    }

    private static Object call(String input) throws Exception {
        String name;
        try (InputStream file = CodeRunner.class.getResourceAsStream("/solution-class")) {
            name = new String(file.readAllBytes(), StandardCharsets.UTF_8).trim();
        }
        Class<?> solution = Class.forName(name);
        Method solve = find(solution);
        solve.setAccessible(true);
        if (Modifier.isStatic(solve.getModifiers())) {
            return solve.invoke(null, input);
        }
        Constructor<?> constructor = solution.getDeclaredConstructor();
        constructor.setAccessible(true);
        return solve.invoke(constructor.newInstance(), input);
    }

    private static Method find(Class<?> solution) throws NoSuchMethodException {
        for (Method method : solution.getDeclaredMethods()) {
            Class<?>[] parameters = method.getParameterTypes();
            if (method.getName().equals("solve") && parameters.length == 1
                    && parameters[0].isAssignableFrom(String.class)) {
                return method;
            }
        }
        throw new NoSuchMethodException("solve(String) in the class " + solution.getName());
    }

    /** Leaves only what is the student's: a trace ends where the student's code was called. */
    private static void hideFrames(Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            List<StackTraceElement> frames = new ArrayList<>();
            for (StackTraceElement frame : each.getStackTrace()) {
                String name = frame.getClassName();
                if (name.equals("CodeRunner") || name.startsWith("jdk.internal.reflect.")
                        || name.startsWith("java.lang.reflect.")) {
                    continue;
                }
                frames.add(frame);
            }
            each.setStackTrace(frames.toArray(new StackTraceElement[0]));
            if (each == each.getCause()) {
                return;
            }
        }
    }
}
