//: what     a program of two gigabytes: larger than any file the compiler may write
//: id       A-055
//: control  files
//: expect   compile_error
//: error    File size limit
volatile char block[2000000000] = {[1999999999] = 1};

int main(void) {
    return block[0];
}
