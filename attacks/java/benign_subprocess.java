//: what     a pipeline of other programs, and a shell: benign
//: id       G-02
//: expect   ok
//: output   2\n7
import java.util.List;

public class Main {
    public static void main(String[] args) throws Exception {
        var all = ProcessBuilder.startPipeline(List.of(
                new ProcessBuilder("sh", "-c", "echo a; echo b"),
                new ProcessBuilder("grep", "-c", "").redirectOutput(ProcessBuilder.Redirect.PIPE)));
        System.out.print(new String(all.get(1).getInputStream().readAllBytes()));
        System.out.println(new ProcessBuilder("sh", "-c", "exit 7").start().waitFor());
    }
}
