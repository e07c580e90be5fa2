//: what     sees no process but its own
//: id       A-071
//: control  proc
//: expect   ok
//: output   1 1
public class Main {
    public static void main(String[] args) {
        long numbers = java.util.Arrays.stream(new java.io.File("/proc").list()).filter(name -> name.matches("\\d+")).count();
        System.out.println(numbers + " " + ProcessHandle.allProcesses().count());
    }
}
