use std::collections::BinaryHeap;

let numbers: BinaryHeap<i64> = input_str
    .split_whitespace()
    .map(|word| word.parse().unwrap())
    .collect();
let words: Vec<String> = numbers.into_sorted_vec().iter().map(i64::to_string).collect();
words.join(" ")
