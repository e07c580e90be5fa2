fun solve(input_str: String): String {
    return input_str.repeat(2)
}
