const numbers = try allocator.alloc(i64, 3);
const index = numbers.len;
numbers[index] = 4;
return input_str;
