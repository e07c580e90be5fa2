//: what     a program of two gigabytes: larger than any file the compiler may write
//: expect   compile_error
volatile char block[2000000000] = {[1999999999] = 1};

int main(void) {
    return block[0];
}
