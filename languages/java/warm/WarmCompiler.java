package coderunner.warm;

import coderunner.CodeRunnerCompiler;
import com.sun.tools.javac.api.JavacTaskPool;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticListener;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Waits for a submission with a compiler that has compiled something before and remembers the classes of the library.
 *
 * That compiler is used for code about which there is nothing to say. Otherwise the code is compiled once more by one that
 * remembers nothing, so that no message can be another than a cold compiler's.
 *
 * <pre>WarmCompiler GATE SAMPLE CODE ARTIFACT SOURCE     a text to practise with, and the words of a CodeRunnerCompiler</pre>
 */
public final class WarmCompiler extends CodeRunnerCompiler {
    private final JavacTaskPool pool = new JavacTaskPool(1);
    private final Memory memory = new Memory(ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null));

    private WarmCompiler(List<String> words) {
        super(words);
    }

    public static void main(String[] args) throws IOException {
        List<String> words = List.of(args);
        WarmCompiler compiler = new WarmCompiler(words.subList(2, words.size()));
        byte[] sample = Files.readAllBytes(Path.of(args[1]));
        // Once: a second time would cost more than it saves.
        compiler.compileSilently(Map.of("Sample.java", sample));
        try (InputStream gate = new FileInputStream(args[0])) {
            gate.read();
        }
        System.exit(compiler.run());
    }

    @Override
    protected Map<String, byte[]> compileSilently(Map<String, byte[]> sources) {
        List<JavaFileObject> units = new ArrayList<>();
        try {
            for (Map.Entry<String, byte[]> source : sources.entrySet()) {
                units.add(new Source(source.getKey(), source.getValue()));
            }
        } catch (CharacterCodingException error) {
            return null;
        }
        boolean[] isSilent = {true};
        DiagnosticListener<JavaFileObject> listener = message -> isSilent[0] = false;
        memory.classes.clear();
        try {
            boolean isCompiled = pool.getTask(new PrintWriter(Writer.nullWriter()), memory, listener, OPTIONS, null, units,
                    task -> ((CompilationTask) task).call());
            return isCompiled && isSilent[0] ? memory.classes : null;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError error) {
            return null;
        }
    }

    /** The names of classes have any letters. */
    private static URI uri(String name) {
        try {
            return new URI("memory", null, "/" + name, null);
        } catch (URISyntaxException error) {
            throw new IllegalArgumentException(error);
        }
    }

    /** A text that is not in a file. */
    private static final class Source extends SimpleJavaFileObject {
        private final CharSequence text;

        Source(String name, byte[] bytes) throws CharacterCodingException {
            super(uri(name), Kind.SOURCE);
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps the classes that are made. */
    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        final Map<String, byte[]> classes = new TreeMap<>();

        Memory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            String file = name.replace('.', '/') + kind.extension;
            return new SimpleJavaFileObject(uri(file), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(file, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
