import java.util.Scanner;

class Quote {
    final String text;

    Quote(String text) {
        this.text = text;
    }
}

class Program {
    public static void main(String[] args) {
        Quote quote = new Quote(new Scanner(System.in).nextLine());
        System.out.println("«" + quote.text + "»");
    }
}
