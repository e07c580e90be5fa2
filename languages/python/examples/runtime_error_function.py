numbers = []

return numbers[0]
