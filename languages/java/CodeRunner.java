package coderunner;

import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/**
 * Function mode: calls the student's {@code solve} once with the whole input and hands its answer over.
 *
 * Compiled anew with every submission, and plain for that reason: each further feature of the language costs the compiler
 * some milliseconds. In a package of its own, where no class of the student's takes the place of one of Java's.
 */
public final class CodeRunner {
    /** Set by compile.sh. */
    private static final String SOLUTION = "@SOLUTION@";

    private CodeRunner() {
    }

    public static void main(String[] args) throws Exception {
        // Bound here, because the student's code may replace them.
        PrintStream out = System.out;
        PrintStream err = System.err;
        try {
            String input = new String(System.in.readAllBytes(), "UTF-8");
            byte[] answer = ("=" + call(input)).getBytes("UTF-8");
            out.flush();
            if (System.out != null) {
                System.out.flush();
            }
            new FileOutputStream("/answer").write(answer);
        } catch (Throwable error) {
            Throwable own = error instanceof InvocationTargetException ? error.getCause() : error;
            hideFrames(own);
            out.flush();
            own.printStackTrace(err);
            err.flush();
            Runtime.getRuntime().halt(1);
        }
        // No shutdown hooks, no waiting for threads: the function has returned.
        Runtime.getRuntime().halt(0);
    }

    private static Object call(String input) throws Exception {
        Class<?> solution = Class.forName(SOLUTION);
        Method[] methods = solution.getDeclaredMethods();
        for (int i = 0; i < methods.length; i++) {
            Method solve = methods[i];
            if (solve.getName().equals("solve") && solve.getParameterCount() == 1
                    && solve.getParameterTypes()[0].isAssignableFrom(String.class)) {
                solve.setAccessible(true);
                if (Modifier.isStatic(solve.getModifiers())) {
                    return solve.invoke(null, input);
                }
                Constructor<?> constructor = solution.getDeclaredConstructor();
                constructor.setAccessible(true);
                return solve.invoke(constructor.newInstance(), input);
            }
        }
        throw new NoSuchMethodException("solve(String) in the class " + SOLUTION);
    }

    /** Leaves only what is the student's: a trace ends where the student's code was called. */
    private static void hideFrames(Throwable error) {
        Throwable each = error;
        // Causes can go round in a circle.
        for (int depth = 0; each != null && depth < 100; depth++) {
            StackTraceElement[] frames = each.getStackTrace();
            int length = frames.length;
            while (length > 0 && isOurs(frames[length - 1].getClassName())) {
                length--;
            }
            StackTraceElement[] own = new StackTraceElement[length];
            System.arraycopy(frames, 0, own, 0, length);
            each.setStackTrace(own);
            each = each.getCause();
        }
    }

    private static boolean isOurs(String name) {
        return name.startsWith("coderunner.") || name.startsWith("java.lang.reflect.")
                || name.startsWith("jdk.internal.reflect.") || name.startsWith("java.lang.invoke.");
    }
}
