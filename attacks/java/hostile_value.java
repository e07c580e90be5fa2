//: what     a value whose text can not be had
//: id       A-134
//: mode     function
//: expect   runtime_error
//: error    ArithmeticException
static class Value {
    @Override
    public String toString() {
        return String.valueOf(1 / (1 - 1));
    }
}

static Object solve(String input_str) {
    return new Value();
}
