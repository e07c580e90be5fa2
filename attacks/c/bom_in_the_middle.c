//: what     a mark of the byte order where no file begins
//: id       A-066
//: expect   compile_error
//: error    undeclared|stray
int main(void) {
    ﻿return 0;
}
