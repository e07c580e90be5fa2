//: what     asks for a part of a program instead of one
//: id       A-064
//: compile_options -c
//: expect   runtime_error|compile_error
int main(void) {
}
