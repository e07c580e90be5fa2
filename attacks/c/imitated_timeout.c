//: what     ends with the status that means a time limit elsewhere
//: id       A-047
//: expect   runtime_error
//: error    exit code 124
int main(void) {
    return 124;
}
