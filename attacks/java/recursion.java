//: what     recursion without end
//: id       A-021
//: mode     function
//: expect   runtime_error
//: error    java.lang.StackOverflowError
static int f(int n) {
    return f(n + 1) + 1;
}

static String solve(String input_str) {
    return String.valueOf(f(0));
}
