use std::cmp::max;

let number: i64 = max(input_str, "five");
number.to_string()
