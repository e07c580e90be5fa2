//: what     final blocks inside of each other, which the compiler copies once more at each level
//: id       A-057
//: set      full
//: expect   compile_error
//: error    of memory|of CPU time|longer than
public class Main {
    public static void main(String[] args) {
        int n = 0;
        try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { try { n++; } finally { n++; } } } } } } } } } } } } } } }
        System.out.println(n);
    }
}
