//: what     a name is not looked up anywhere
//: id       A-107
//: expect   runtime_error
//: error    UnknownHostException|SocketException
public class Main {
    public static void main(String[] args) throws Exception {
        new java.net.Socket("example.invalid", 80);
    }
}
