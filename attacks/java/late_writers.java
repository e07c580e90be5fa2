//: what     exit hooks, threads and cleaners that would change the answer after it was given
//: id       A-135
//: mode     function
//: expect   ok
//: output   first
import java.nio.file.*;
Runnable overwrite = () -> {
    try {
        Files.writeString(Path.of("/answer"), "=second");
    } catch (java.io.IOException error) {
        throw new java.io.UncheckedIOException(error);
    }
};
Runtime.getRuntime().addShutdownHook(new Thread(overwrite));
java.lang.ref.Cleaner.create().register(new Object(), overwrite);
new Thread(() -> {
    try {
        Thread.sleep(30_000);
    } catch (InterruptedException error) {
        overwrite.run();
    }
}).start();
return "first";
