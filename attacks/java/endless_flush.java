//: what     a standard output that is never done with what it was given
//: id       A-130
//: mode     function
//: limits   cpu_time_ms=800
//: expect   time_limit
System.setOut(new java.io.PrintStream(System.out) {
    @Override
    public void flush() {
        while (true) {
        }
    }
});
return "16";
