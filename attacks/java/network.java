//: what     connections and listeners of every family but the local one are refused at once; nothing is sent
//: id       A-107 A-109
//: control  network+seccomp+landlock
//: expect   ok
//: output   []
import java.net.*;
import java.net.http.*;
import java.nio.channels.*;
import java.util.*;
import java.util.concurrent.Callable;

public class Main {
    static final List<String> REACHED = new ArrayList<>();

    static void attempt(String name, Callable<?> call) {
        try {
            call.call();
            REACHED.add(name);
        } catch (Throwable error) {
            // Refused.
        }
    }

    public static void main(String[] args) {
        for (String host : List.of("127.0.0.1", "::1", "192.0.2.1", "2001:db8::1")) {
            attempt("socket " + host, () -> new Socket(host, 80));
            attempt("channel " + host, () -> SocketChannel.open(new InetSocketAddress(host, 80)));
            attempt("server " + host, () -> new ServerSocket(8080, 1, InetAddress.getByName(host)));
            attempt("datagram " + host, () -> {
                new DatagramSocket().send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(host), 9));
                return null;
            });
            attempt("reachable " + host, () -> {
                if (!InetAddress.getByName(host).isReachable(100)) {
                    throw new java.io.IOException("no answer");
                }
                return null;
            });
        }
        attempt("http", () -> HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://192.0.2.1/")).build(),
                HttpResponse.BodyHandlers.ofString()));
        attempt("interfaces", () -> NetworkInterface.networkInterfaces().filter(each -> {
            try {
                return each.isUp();
            } catch (SocketException error) {
                return false;
            }
        }).findAny().get());
        System.out.println(REACHED);
        System.exit(0);
    }
}
