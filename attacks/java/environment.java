//: what     exactly the documented environment
//: expect   ok
//: output   [HOME, LANG, PATH, TMPDIR]
public class Main {
    public static void main(String[] args) {
        System.out.println(new java.util.TreeSet<>(System.getenv().keySet()));
    }
}
