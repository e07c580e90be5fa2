//: what     bytes that are not text are shown as documented
//: id       A-031
//: expect   ok
//: output   a�b
public class Main {
    public static void main(String[] args) {
        System.out.write(new byte[] {'a', (byte) 0xff, 'b'}, 0, 3);
        System.out.flush();
    }
}
