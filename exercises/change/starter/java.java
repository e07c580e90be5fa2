import java.util.Scanner;

public class Main {
    public static void main(String[] args) {
        int amount = new Scanner(System.in).nextInt();
        System.out.println(amount);
    }
}
