//: what     a gigabyte of zeros, packed three times, that a few lines of text hold
//: id       A-024
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit
//: peak_kib 137625
import java.io.*;
import java.nio.ByteBuffer;
import java.util.*;
import java.util.zip.InflaterInputStream;

public class Main {
    static final String BOMB = ""
            + "eNqruPX2jqHeUkaJtov/25xEzoho9fL6aF70yPBZvUBsqZPmzHO+F253euVbWScs28QQ2LGCpdBc8ef84mkfpubvs6n/Z/9vrk9b4oy4ffG2uj"
            + "p8DAwMB074/p97traX8fCt43fPvbMDChmUtZ/2/rw58MHbhNLblkCBhC96ZuZ1Z+xY5vn3P5/LDBRxy3/6NTF7G+udupj/d4r5gSISe6sPAikG"
            + "D0EeINkgBuZkQDgSyJxRmVGZUZlRmVGZURlCMpZRcVE/bjGdi/fzr+O/n/P32XWDnyxJaZvuAwDXRDs+";

    public static void main(String[] args) throws IOException {
        InputStream bomb = new ByteArrayInputStream(Base64.getDecoder().decode(BOMB));
        for (int layer = 0; layer < 3; layer++) {
            bomb = new InflaterInputStream(bomb);
        }
        // Kept outside of the heap: its own limit would come first.
        List<ByteBuffer> kept = new ArrayList<>();
        for (byte[] part; (part = bomb.readNBytes(1 << 20)).length > 0;) {
            kept.add(ByteBuffer.allocateDirect(part.length).put(part));
        }
        System.out.println(kept.size());
    }
}
