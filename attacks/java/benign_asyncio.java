//: what     ten thousand tasks on a pool, a server and a client over a local socket: benign
//: id       G-13 G-14
//: expect   ok
//: output   10000 pong
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.Path;
import java.util.concurrent.*;
import java.util.stream.*;

public class Main {
    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        var tasks = IntStream.range(0, 10_000).mapToObj(n -> CompletableFuture.supplyAsync(() -> 1, pool)).toList();
        int total = tasks.stream().mapToInt(CompletableFuture::join).sum();
        var address = UnixDomainSocketAddress.of(Path.of("/tmp/own"));
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(address);
        var answered = pool.submit(() -> {
            try (SocketChannel peer = server.accept()) {
                peer.read(ByteBuffer.allocate(5));
                return peer.write(ByteBuffer.wrap("pong".getBytes()));
            }
        });
        try (SocketChannel client = SocketChannel.open(address)) {
            client.write(ByteBuffer.wrap("ping\n".getBytes()));
            ByteBuffer answer = ByteBuffer.allocate(10);
            answered.get();
            client.read(answer);
            System.out.println(total + " " + new String(answer.array(), 0, answer.position()));
        }
        pool.shutdown();
    }
}
