//: what     tells everybody who might listen that the program has ended well, leaves an answer, and fails
//: id       A-127
//: control  descriptors
//: mode     function
//: expect   runtime_error
//: error    exit code 3
import java.io.*;
import java.nio.file.*;

public class Solution {
    // What PID 1 of the box says when the program has started, and when it has ended with status 0 after 5 ms.
    static final byte[] STARTED = {1};
    static final byte[] ENDED = {2, 0, 0, 0, (byte) 0xc0, (byte) 0x96, (byte) 0xb1, 2};

    static String solve(String input) throws Exception {
        Files.writeString(Path.of("/answer"), "=16");
        var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        var unsafe = (sun.misc.Unsafe) field.get(null);
        long number = unsafe.objectFieldOffset(FileDescriptor.class.getDeclaredField("fd"));
        int taken = 0;
        for (int descriptor = 3; descriptor < 1024; descriptor++) {
            String link = "";
            try {
                link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            } catch (IOException error) {
                continue;
            }
            if (link.startsWith("/usr")) {
                // Java's own.
                continue;
            }
            FileDescriptor forged = new FileDescriptor();
            unsafe.putInt(forged, number, descriptor);
            try {
                var stream = new FileOutputStream(forged);
                stream.write(STARTED);
                stream.write(ENDED);
                taken++;
            } catch (IOException error) {
                // Not for writing.
            }
        }
        // Whoever believes it has the time to act on it.
        Thread.sleep(300);
        Runtime.getRuntime().halt(taken > 0 ? 9 : 3);
        return "never";
    }
}
