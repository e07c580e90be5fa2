fn solve(input_str: &str) -> String {
    input_str.repeat(2)
}
