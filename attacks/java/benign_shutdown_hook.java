//: what     a program's hook runs at its end: benign
//: id       A-135
//: expect   ok
//: output   main\nhook
public class Main {
    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        System.out.println("main");
    }
}
