//: what     starts twenty processes and adds up how they ended: benign
//: id       G-03
//: expect   ok
//: output   190
public class Main {
    public static void main(String[] args) throws Exception {
        int total = 0;
        for (int number = 0; number < 20; number++) {
            total += new ProcessBuilder("/usr/bin/sh", "-c", "exit " + number).start().waitFor();
        }
        System.out.println(total);
    }
}
