//: what     asks for a loader that is not there
//: id       A-064
//: compile_options -Wl,--dynamic-linker=/none
//: expect   runtime_error|compile_error
int main(void) {
}
