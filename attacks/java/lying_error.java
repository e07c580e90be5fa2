//: what     an error that ends the process with status 0 when it is asked what it is
//: id       A-129 A-134
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
static class Lying extends RuntimeException {
    @Override
    public void printStackTrace(java.io.PrintStream stream) {
        Runtime.getRuntime().halt(0);
    }
}

static String solve(String input_str) {
    throw new Lying();
}
