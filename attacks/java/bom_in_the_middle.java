//: what     a mark of the byte order where no file begins
//: id       A-066
//: expect   compile_error
//: error    illegal character
public class Main {
    ﻿public static void main(String[] args) {
    }
}
