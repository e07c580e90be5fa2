//: what     asks for a library instead of a program
//: id       A-064
//: compile_options -shared
//: expect   runtime_error|compile_error
int main(void) {
}
