let number: i64 = input_str.parse().unwrap();
(number * number).to_string()
