//: what     a thousand bytes through a pipe that a selector watches, and a pair of piped streams: benign
//: id       G-13
//: expect   ok
//: output   1000 pong
import java.io.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;

public class Main {
    public static void main(String[] args) throws Exception {
        Pipe pipe = Pipe.open();
        Selector selector = Selector.open();
        pipe.source().configureBlocking(false);
        pipe.source().register(selector, SelectionKey.OP_READ);
        int passed = 0;
        for (int round = 0; round < 1000; round++) {
            pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
            selector.select(1000);
            selector.selectedKeys().clear();
            passed += pipe.source().read(ByteBuffer.allocate(1));
        }
        PipedOutputStream out = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(out);
        new Thread(() -> {
            try (out) {
                out.write("pong".getBytes());
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        }).start();
        System.out.println(passed + " " + new String(in.readAllBytes()));
    }
}
