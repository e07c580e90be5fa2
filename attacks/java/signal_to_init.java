//: what     signals to PID 1 of the box are refused
//: id       A-044
//: control  uid+landlock
//: expect   ok
//: output   refused
public class Main {
    public static void main(String[] args) throws Exception {
        String script = "n=0; while [ $n -lt 65 ]; do kill -$n 1 2>/dev/null && echo reached $n; n=$((n + 1)); done; echo refused";
        new ProcessBuilder("sh", "-c", script).redirectOutput(ProcessBuilder.Redirect.INHERIT).start().waitFor();
        ProcessHandle.of(1).ifPresent(init -> System.out.println("there: " + init.destroyForcibly()));
    }
}
