//: what     never reads its ten megabytes of input
//: id       A-037
//: input_bytes 10000000
//: expect   ok
//: output   done
public class Main {
    public static void main(String[] args) {
        System.out.println("done");
    }
}
