//: what     an error with a new cause each time it is asked
//: id       A-134
//: mode     function
//: limits   cpu_time_ms=1500 memory_kib=131072
//: expect   runtime_error|time_limit|memory_limit
static class Endless extends RuntimeException {
    @Override
    public synchronized Throwable getCause() {
        return new Endless();
    }
}

static String solve(String input_str) {
    throw new Endless();
}
