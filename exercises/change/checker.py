"""Are these coins the amount? Exit code 0: right. 1: wrong, and what is printed is for the student."""

import sys

amount = int(open("input.txt").read())
try:
    coins = [int(word) for word in open("output.txt").read().split()]
except ValueError:
    print("There is something among the coins that is no whole number.")
    sys.exit(1)

strange = [coin for coin in coins if coin not in (1, 2, 5, 10, 20, 50)]
if strange:
    print(f"There is no coin of {strange[0]}.")
    sys.exit(1)
if sum(coins) != amount:
    print(f"The coins make {sum(coins)}, not {amount}.")
    sys.exit(1)

fewest = 0
rest = amount
for coin in (50, 20, 10, 5, 2, 1):
    fewest += rest // coin
    rest %= coin
if len(coins) > fewest:
    print("score 0.5")
    print(f"The amount is right, but fewer than {len(coins)} coins would do.")
    sys.exit(1)
