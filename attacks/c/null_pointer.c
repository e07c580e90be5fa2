//: what     reads from where nothing is
//: expect   runtime_error
//: error    SIGSEGV
int main(void) {
    return *(volatile int *)8;
}
