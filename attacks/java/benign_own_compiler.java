//: what     compiles and runs a class that it makes itself: benign
//: id       G-23
//: expect   ok
//: output   0 made
import java.net.*;
import java.nio.file.*;
import javax.tools.*;

public class Main {
    public static void main(String[] args) throws Exception {
        Path file = Path.of("/tmp/Made.java");
        Files.writeString(file, "public class Made { public String toString() { return \"made\"; } }");
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, file.toString());
        Object made = new URLClassLoader(new URL[] {new URL("file:/tmp/")}).loadClass("Made").getConstructor().newInstance();
        System.out.println(status + " " + made);
    }
}
