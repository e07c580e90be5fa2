//: what     writes plausible frames to every descriptor, then fails
//: mode     function
//: expect   runtime_error
//: error    exit code 3
for (int descriptor = 3; descriptor < 256; descriptor++) {
    try (var file = new java.io.FileOutputStream("/proc/self/fd/" + descriptor)) {
        file.write(new byte[] {2, 0, 0});
    } catch (java.io.IOException error) {
        // Not open, or not for writing.
    }
}
Runtime.getRuntime().halt(3);
return "never";
