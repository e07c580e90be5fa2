numbers = [1, 2, 3]

return str(numbers[3])
