import java.util.Scanner;

public class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        double sum = 0;
        int count = 0;
        while (in.hasNextLine()) {
            String line = in.nextLine().trim();
            if (!line.isEmpty()) {
                sum += Double.parseDouble(line);
                count++;
            }
        }
        System.out.println(sum / count);
    }
}
