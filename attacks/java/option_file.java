//: what     an option that begins with @ and names a file of the host: options are words, and only the box's files are read
//: id       A-061
//: control  host_files
//: compile_options @/var/tmp/code-runner-canary
//: expect   compile_error
//: error    file not found
public class Main {
    public static void main(String[] args) {
    }
}
