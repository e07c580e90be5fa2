private static String twice(String text) {
    return text + text;
}

static String solve(String text) {
    return twice(text);
}
