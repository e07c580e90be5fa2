//: what     escapes that end a comment and begin the code, one that ends a file, and one that is none
//: id       A-066
//: expect   compile_error
//: error    illegal unicode escape
/* \u002a\u002f class Other { } /* \u001a */
public class Main {
    // \u00zz
}
