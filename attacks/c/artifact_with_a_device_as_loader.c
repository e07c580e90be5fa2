//: what     asks for a device as the loader of the program
//: id       A-064
//: compile_options -Wl,--dynamic-linker=/dev/zero
//: expect   runtime_error|compile_error
int main(void) {
}
