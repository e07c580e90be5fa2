import java.util.Scanner;

public class Main {
    public static void main(String[] args) {
        int amount = new Scanner(System.in).nextInt();
        for (int coin : new int[] {50, 20, 10, 5, 2, 1}) {
            while (amount >= coin) {
                System.out.println(coin);
                amount -= coin;
            }
        }
    }
}
