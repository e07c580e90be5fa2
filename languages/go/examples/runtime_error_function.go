numbers := []int{1, 2, 3}
index := len(numbers)
numbers[index] = 4
return input_str
