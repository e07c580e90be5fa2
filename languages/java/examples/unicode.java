import java.util.Scanner;

class Quote {
    private final String text;

    Quote(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return "«" + text + "»";
    }
}

class Program {
    public static void main(String[] args) {
        System.out.println(new Quote(new Scanner(System.in).nextLine()));
    }
}
