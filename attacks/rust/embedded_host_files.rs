//: what     has the compiler put the host's files into the program, by absolute and by relative names
//: id       A-052
//: control  host_files
//: expect   compile_error
//: error    read `/var/tmp/code-runner-canary`|read /var/tmp/code-runner-canary
fn main() {
    println!("ESCAPED {}", include_str!("/var/tmp/code-runner-canary"));
    println!("ESCAPED {:?}", include_bytes!("../../../var/tmp/code-runner-canary"));
}
