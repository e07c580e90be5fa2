package coderunner;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Compiles what was sent and packs it, with the name of the class to start, into one archive.
 *
 * <pre>CodeRunnerCompiler CODE ARTIFACT SOURCE [OPTION...]</pre>
 *
 * CODE is the folder of SOURCE, which is {@code Main.java}, a program, or {@code Solution.java}, a class with {@code solve}.
 * The compiler works in the current folder, to which the names in messages are relative.
 */
public class CodeRunnerCompiler {
    /**
     * The layout of messages is the usual one with a column. Without {@code stringConcat} the first {@code +} of a run
     * would take 15 ms.
     */
    protected static final List<String> OPTIONS = List.of(
            "-XDdiags.layout=%f:%l:%c:%_%p%L%m|%p%L%m|%f:%_%p%L%m", "-XDsuppressNotes", "-XDstringConcat=inline",
            "-encoding", "UTF-8", "-g", "-proc:none");

    private static final Path CLASSES = Path.of("classes").toAbsolutePath();
    private static final String FUNCTION = "Solution.java";
    private static final String HARNESS_CLASS = "coderunner.CodeRunner";
    private static final List<String> HARNESS = List.of("CodeRunner.java", "CodeRunnerCompiler.java");

    private static final String WORD = "([\\p{L}_$][\\p{L}\\p{N}_$]*)";
    private static final Pattern PACKAGE = Pattern.compile("\\s*package\\s+([A-Za-z0-9_.$]*)\\s*;");
    private static final Pattern MODIFIER = Pattern.compile("@[A-Za-z.]+(?:\\([^)]*\\))?\\s*|([a-z-]+)\\s+");
    private static final Pattern DECLARATION = Pattern.compile("(?:class|interface|enum|record)\\s+" + WORD);

    private final Path code;
    private final Path artifact;
    private final String own;
    private final List<String> options;

    /** Takes the words of the command line. */
    protected CodeRunnerCompiler(List<String> words) {
        code = Path.of(words.get(0));
        artifact = Path.of(words.get(1));
        own = words.get(2);
        options = words.subList(3, words.size());
        // As the launcher `javac` does; without it the class path that was used to start this would be that of the code.
        System.setProperty("application.home", System.getProperty("java.home"));
    }

    public static void main(String[] args) throws IOException {
        System.exit(new CodeRunnerCompiler(List.of(args)).run());
    }

    /** Gives the exit status. */
    protected final int run() throws IOException {
        byte[] text = Files.readAllBytes(code.resolve(own));
        List<String> lines = new String(text, StandardCharsets.UTF_8).lines().collect(Collectors.toList());
        String packageName = packageName(lines);
        // A public class has to be in a file of its name, whatever that is. This finds it where everybody writes it; where
        // it does not, the compiler says what it wants.
        String name = publicName(lines);
        if (name == null) {
            name = own.substring(0, own.lastIndexOf('.'));
        }
        Compiled compiled = compile(sources(text, packageName, name));
        if (compiled.classes == null) {
            String wanted = wantedName(compiled.messages, name);
            if (wanted != null && !wanted.equals(name)) {
                Files.deleteIfExists(Path.of(name + ".java"));
                name = wanted;
                compiled = compile(sources(text, packageName, name));
            }
        }
        System.out.write(compiled.messages.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        if (compiled.classes == null) {
            return 1;
        }
        pack(compiled.classes, own.equals(FUNCTION) ? HARNESS_CLASS : start(compiled.classes, lines, packageName, name));
        return 0;
    }

    /**
     * Compiles without the words of a compiler: gives the classes by the names of their files, or nothing if there is
     * anything to be said. Here, always nothing.
     */
    protected Map<String, byte[]> compileSilently(Map<String, byte[]> sources) {
        return null;
    }

    private Compiled compile(Map<String, byte[]> sources) throws IOException {
        Map<String, byte[]> classes = compileSilently(sources);
        if (classes != null) {
            return new Compiled("", classes);
        }
        List<String> command = new ArrayList<>(OPTIONS);
        Files.createDirectories(CLASSES);
        command.addAll(List.of("-d", CLASSES.toString()));
        command.addAll(options);
        for (Map.Entry<String, byte[]> source : sources.entrySet()) {
            Path file = Path.of(source.getKey()).toAbsolutePath();
            Files.createDirectories(file.getParent());
            Files.write(file, source.getValue());
            command.add(source.getKey());
        }
        StringWriter messages = new StringWriter();
        int status = com.sun.tools.javac.Main.compile(command.toArray(new String[0]), new PrintWriter(messages));
        return new Compiled(messages.toString(), status == 0 ? read(CLASSES) : null);
    }

    /** What is compiled, by the names that messages call it. */
    private Map<String, byte[]> sources(byte[] text, String packageName, String name) throws IOException {
        Map<String, byte[]> sources = new LinkedHashMap<>();
        sources.put(name + ".java", text);
        for (String further : furtherFiles()) {
            sources.put("files/" + further, Files.readAllBytes(code.resolve(further)));
        }
        if (own.equals(FUNCTION)) {
            String solution = packageName == null ? name : packageName + "." + name;
            String harness = Files.readString(code.resolve(HARNESS.get(0))).replace("@SOLUTION@", solution);
            sources.put("coderunner/" + HARNESS.get(0), harness.getBytes(StandardCharsets.UTF_8));
        }
        return sources;
    }

    private Iterable<String> furtherFiles() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(code, "[!.]*.java")) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        names.remove(own);
        names.removeAll(HARNESS);
        return names;
    }

    private static String packageName(List<String> lines) {
        for (String line : lines) {
            Matcher found = PACKAGE.matcher(line);
            if (found.lookingAt()) {
                return found.group(1).isEmpty() ? null : found.group(1);
            }
        }
        return null;
    }

    /** The class of the first line that begins with a declaration of a public one. */
    private static String publicName(List<String> lines) {
        for (String line : lines) {
            String name = publicName(line);
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    private static String publicName(String line) {
        Matcher modifier = MODIFIER.matcher(line);
        Matcher declaration = DECLARATION.matcher(line);
        boolean isPublic = false;
        String name = null;
        for (int at = 0; modifier.region(at, line.length()).lookingAt(); at = modifier.end()) {
            if (isPublic && declaration.region(at, line.length()).lookingAt()) {
                name = declaration.group(1);
            }
            isPublic |= "public".equals(modifier.group(1));
        }
        return name;
    }

    private static String wantedName(String messages, String name) {
        Matcher found = Pattern.compile("^" + Pattern.quote(name) + "\\.java:.* " + WORD
                + " is public, should be declared in a file named .*", Pattern.MULTILINE).matcher(messages);
        return found.find() ? found.group(1) : null;
    }

    /** The first class that has a {@code main}, of those in the code; the public one before all others. */
    private static String start(Map<String, byte[]> classes, List<String> lines, String packageName, String name) {
        List<String> names = new ArrayList<>(List.of(name));
        for (String line : lines) {
            String last = null;
            for (Matcher found = Pattern.compile("\\b" + DECLARATION).matcher(line); found.find();) {
                last = found.group(1);
            }
            if (last != null) {
                names.add(last);
            }
        }
        String before = packageName == null ? "" : packageName + ".";
        for (String each : names) {
            byte[] bytes = classes.get((before + each).replace('.', '/') + ".class");
            if (bytes != null && hasMain(new String(bytes, StandardCharsets.ISO_8859_1))) {
                return before + each;
            }
        }
        return before + name;
    }

    private static boolean hasMain(String bytes) {
        return bytes.contains("\1\0\4main") && bytes.contains("([Ljava/lang/String;)V");
    }

    private static Map<String, byte[]> read(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** Not compressed: it is read once. */
    private void pack(Map<String, byte[]> classes, String start) throws IOException {
        try (ZipOutputStream archive = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(artifact, StandardOpenOption.WRITE)))) {
            archive.setMethod(ZipOutputStream.STORED);
            add(archive, "META-INF/MANIFEST.MF", ("Main-Class: " + start + "\n").getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                add(archive, each.getKey(), each.getValue());
            }
        }
    }

    private static void add(ZipOutputStream archive, String name, byte[] content) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        archive.putNextEntry(entry);
        archive.write(content);
    }

    /** What came of compiling; there are no classes if it failed. */
    private static final class Compiled {
        final String messages;
        final Map<String, byte[]> classes;

        Compiled(String messages, Map<String, byte[]> classes) {
            this.messages = messages;
            this.classes = classes;
        }
    }
}
