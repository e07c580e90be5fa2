//: what     changes properties, streams, handlers, languages and loaders and leaves start files, for the next run to find
//: id       A-118
//: control  shared_scratch
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   held
import java.io.*;
import java.nio.file.*;
import java.util.*;

public class Solution {
    static List<String> breaches = new ArrayList<>();

    static void check(boolean isPristine, String what) {
        if (!isPristine) {
            breaches.add("ESCAPED " + what);
        }
    }

    static String solve(String input) throws Exception {
        check(System.getProperty("poison") == null && System.getProperty("user.dir").equals("/box"), "properties");
        check(Locale.getDefault().getLanguage().equals("en") || Locale.getDefault().toString().isEmpty(), "language");
        check(TimeZone.getDefault().getRawOffset() == 0, "time zone");
        check(Thread.getDefaultUncaughtExceptionHandler() == null && Thread.currentThread().getName().equals("main"), "threads");
        check(Thread.currentThread().getContextClassLoader() == ClassLoader.getSystemClassLoader(), "loader");
        check(Integer.valueOf(7).intValue() == 7 && System.out.getClass() == PrintStream.class, "library");
        check(Files.notExists(Path.of("/box/.java")) && Files.notExists(Path.of("/box/.hotspotrc")), "files");

        Files.createDirectories(Path.of("/box/.java/.userPrefs"));
        for (String name : List.of(".hotspotrc", ".hotspot_compiler", "JDK_JAVA_OPTIONS", "java.security", ".java/.userPrefs/prefs.xml")) {
            Files.writeString(Path.of("/box", name), "-Dpoison=file");
        }
        String answer = breaches.isEmpty() ? "held" : String.join("\n", breaches);
        System.setProperty("poison", "poison");
        System.setProperty("user.dir", "/tmp");
        Locale.setDefault(Locale.GERMANY);
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> { });
        Thread.currentThread().setName("poison");
        Thread.currentThread().setContextClassLoader(null);
        System.setOut(new PrintStream(OutputStream.nullOutputStream()) { });
        // The small numbers that all of Java shares.
        var unsafe = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
        unsafe.setAccessible(true);
        ((sun.misc.Unsafe) unsafe.get(null)).putInt(Integer.valueOf(7), 12, 8);
        return answer;
    }
}
