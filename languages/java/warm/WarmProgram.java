package coderunner.warm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.jar.JarFile;
import jdk.internal.vm.annotation.Hidden;

/**
 * Waits for a program with all loaded that programs use, and starts it as {@code java -jar} would.
 *
 * The program runs on the first thread, and what is below it on the stack is hidden from traces as the JVM hides its
 * own: this class by an annotation that counts only on the boot class path, and what calls the program by being a hidden
 * class. Nothing here looks for a class through the system's class loader before the program is there, because the
 * loader would remember that it is not.
 *
 * <pre>WarmProgram GATE SAMPLE COMMAND...     a jar to practise with, and the command for a program, which ends with its jar</pre>
 */
public final class WarmProgram {
    /** The second finds things loaded and costs little; more would cost more than they save. */
    private static final int ROUNDS = 2;

    /** Of the format of classes. */
    private static final int JAVA_8 = 52;
    private static final int TEXT = 1;
    private static final int CLASS = 7;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int NAME_AND_TYPE = 12;

    private WarmProgram() {
    }

    @Hidden
    public static void main(String[] args) throws Throwable {
        List<String> command = List.of(args).subList(2, args.length);
        String program = command.get(command.size() - 1);
        practise(args[1]);
        try (InputStream gate = new FileInputStream(args[0])) {
            gate.read();
        }
        System.setProperty("sun.java.command", program);
        start(program, command).run();
    }

    /** Loads and runs the sample as a program is loaded and run. */
    private static void practise(String sample) throws ReflectiveOperationException, IOException {
        InputStream in = System.in;
        PrintStream out = System.out;
        System.setOut(new PrintStream(new ByteArrayOutputStream()));
        try {
            for (int round = 0; round < ROUNDS; round++) {
                System.setIn(new ByteArrayInputStream("3\n4 5 6\nsome words\nand a line\n".getBytes("UTF-8")));
                // Its parent is not the system's loader.
                try (URLClassLoader loader = new URLClassLoader(new URL[] {new URL("file:" + sample)}, null)) {
                    caller(Class.forName(mainClass(sample), false, loader)).run();
                }
            }
        } finally {
            System.setIn(in);
            System.setOut(out);
        }
    }

    private static Runnable start(String jar, List<String> command) throws ReflectiveOperationException, IOException {
        try {
            Class<?> program = Class.forName(mainClass(jar), false, ClassLoader.getSystemClassLoader());
            Method main = program.getMethod("main", String[].class);
            if (main.getDeclaringClass() == program && Modifier.isStatic(main.getModifiers())
                    && main.getReturnType() == void.class) {
                return caller(program);
            }
        } catch (ReflectiveOperationException | LinkageError error) {
            // Java itself has the words for it.
        }
        return () -> startOtherwise(command);
    }

    private static String mainClass(String jar) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            return file.getManifest().getMainAttributes().getValue("Main-Class");
        }
    }

    /** What can not be started from here is given to another JVM, whose end becomes that of this one. */
    private static void startOtherwise(List<String> command) {
        try {
            Runtime.getRuntime().halt(new ProcessBuilder(command).inheritIO().start().waitFor());
        } catch (IOException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    /**
     * Calls the program's {@code main} from a hidden class beside it. Only a class of the program's own module may define
     * one, so the same class is there twice: first plainly, to be asked for that right.
     */
    private static Runnable caller(Class<?> program) throws ReflectiveOperationException, IOException {
        byte[] bytes = callerOf(program);
        Class<?> plain = MethodHandles.privateLookupIn(program, MethodHandles.lookup()).defineClass(bytes);
        MethodHandles.Lookup right = (MethodHandles.Lookup) plain.getMethod("lookup").invoke(null);
        return (Runnable) right.defineHiddenClass(bytes, true).lookupClass().getConstructor().newInstance();
    }

    /**
     * The class file of
     * <pre>
     * public final class $CodeRunner$ implements Runnable {
     *     public void run() { Main.main(new String[0]); }
     *     public static MethodHandles.Lookup lookup() { return MethodHandles.lookup(); }
     * }
     * </pre>
     */
    private static byte[] callerOf(Class<?> program) throws IOException {
        String name = program.getName().replace('.', '/');
        String own = name.substring(0, name.lastIndexOf('/') + 1) + "$CodeRunner$";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xCAFEBABE);
        out.writeInt(JAVA_8);
        // The constants, which are counted from 1.
        out.writeShort(27);
        texts(out, own, "java/lang/Object", "java/lang/Runnable", name, "java/lang/String", "java/lang/invoke/MethodHandles");
        for (int each = 1; each <= 6; each++) {
            constant(out, CLASS, each);
        }
        texts(out, "<init>", "()V", "main", "([Ljava/lang/String;)V", "run", "Code");
        texts(out, "lookup", "()Ljava/lang/invoke/MethodHandles$Lookup;");
        constant(out, NAME_AND_TYPE, 13, 14);
        constant(out, NAME_AND_TYPE, 15, 16);
        constant(out, NAME_AND_TYPE, 19, 20);
        constant(out, METHOD, 8, 21);
        constant(out, program.isInterface() ? INTERFACE_METHOD : METHOD, 10, 22);
        constant(out, METHOD, 12, 23);
        // A public final class with one interface, no fields and three methods.
        shorts(out, 0x31, 7, 8, 1, 9, 0, 3);
        // aload_0, invokespecial 24, return
        method(out, 1, 13, 14, 0x2A, 0xB7, 0, 24, 0xB1);
        // iconst_0, anewarray 11, invokestatic 25, return
        method(out, 1, 17, 14, 0x03, 0xBD, 0, 11, 0xB8, 0, 25, 0xB1);
        // invokestatic 26, areturn
        method(out, 9, 19, 20, 0xB8, 0, 26, 0xB0);
        shorts(out, 0);
        return bytes.toByteArray();
    }

    private static void texts(DataOutputStream out, String... texts) throws IOException {
        for (String text : texts) {
            out.writeByte(TEXT);
            out.writeUTF(text);
        }
    }

    private static void constant(DataOutputStream out, int tag, int... constants) throws IOException {
        out.writeByte(tag);
        shorts(out, constants);
    }

    /** A method with one local variable at the most, and nothing but its code. */
    private static void method(DataOutputStream out, int access, int name, int type, int... code) throws IOException {
        shorts(out, access, name, type, 1, 18);
        out.writeInt(12 + code.length);
        shorts(out, 1, 1);
        out.writeInt(code.length);
        for (int each : code) {
            out.writeByte(each);
        }
        shorts(out, 0, 0);
    }

    private static void shorts(DataOutputStream out, int... values) throws IOException {
        for (int value : values) {
            out.writeShort(value);
        }
    }
}
