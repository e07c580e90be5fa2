import java.io.*;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        PrintWriter output = new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out)));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            output.println(line);
        }
        output.flush();
    }
}
