number = 1

number = = 2
print(number)
