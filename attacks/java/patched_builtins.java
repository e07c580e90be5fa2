//: what     replaces the streams, properties, handlers and loaders the harness might use; the answer stays right
//: id       A-130
//: mode     function
//: expect   ok
//: output   16
import java.io.*;
int number = Integer.parseInt(input_str);
PrintStream nothing = new PrintStream(OutputStream.nullOutputStream());
System.setOut(nothing);
System.setErr(nothing);
System.setIn(InputStream.nullInputStream());
System.setProperties(new java.util.Properties());
Thread.setDefaultUncaughtExceptionHandler((thread, error) -> Runtime.getRuntime().halt(9));
Thread.currentThread().setContextClassLoader(null);
Thread.currentThread().interrupt();
java.util.Locale.setDefault(new java.util.Locale("tr", "TR"));
return String.valueOf(number * number);
