let numbers = @[1, 2, 3]
let index = numbers.len
let number = numbers[index]
return $number
