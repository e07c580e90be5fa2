numbers = [1, 2, 3]
divisor = numbers.size - 3
puts numbers.sum / divisor
