numbers = []

print(numbers[0])
