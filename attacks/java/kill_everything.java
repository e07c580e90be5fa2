//: what     kills every number it can
//: expect   ok|runtime_error
public class Main {
    public static void main(String[] args) throws Exception {
        String script = "trap '' TERM; kill -STOP 1; kill -TERM 0; kill -9 -1; n=2;"
                + "while [ $n -lt 20000 ]; do [ $n = $$ ] || kill -9 $n; n=$((n + 1)); done 2>/dev/null";
        new ProcessBuilder("sh", "-c", script).start().waitFor();
        ProcessHandle.allProcesses().forEach(process -> {
            try {
                process.destroyForcibly();
            } catch (IllegalStateException error) {
                // Itself.
            }
        });
    }
}
