let numbers = vec![1, 2, 3];
let index = numbers.len();
let number: i64 = numbers[index];
number.to_string()
