//: what     reads from where nothing is
//: id       A-047
//: expect   runtime_error
//: error    SIGSEGV
int main(void) {
    return *(volatile int *)8;
}
