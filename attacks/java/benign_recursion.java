//: what     recursion a hundred thousand deep: benign
//: id       G-05
//: mode     function
//: expect   ok
//: output   100000
static int depth(int n) {
    return n == 0 ? 0 : 1 + depth(n - 1);
}

static String solve(String input_str) {
    return String.valueOf(depth(100_000));
}
