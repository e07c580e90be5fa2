amount = int(input())

for coin in (50, 20, 10, 5, 2, 1):
    while amount >= coin:
        print(coin)
        amount -= coin
