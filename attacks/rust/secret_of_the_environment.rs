//: what     cannot be compiled without a secret of the server
//: id       A-059
//: control  environment
//: expect   compile_error
//: error    not defined
fn main() {
    println!("ESCAPED {}", env!("CODE_RUNNER_CANARY"));
}
