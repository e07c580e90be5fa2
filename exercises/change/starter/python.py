amount = int(input())

print(amount)
