//: what     asks for a library instead of a program
//: id       A-064
//: compile_options --crate-type lib
//: expect   runtime_error|compile_error
fn main() {
}
