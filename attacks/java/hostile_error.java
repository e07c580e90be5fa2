//: what     throws an error whose parts can not be had
//: id       A-134
//: mode     function
//: expect   runtime_error
static class Hostile extends RuntimeException {
    @Override
    public StackTraceElement[] getStackTrace() {
        return null;
    }

    @Override
    public synchronized Throwable getCause() {
        throw this;
    }

    @Override
    public String toString() {
        throw this;
    }

    @Override
    public void printStackTrace(java.io.PrintStream stream) {
        throw this;
    }
}

static String solve(String input_str) {
    throw new Hostile();
}
