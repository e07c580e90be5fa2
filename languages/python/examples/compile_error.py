number = 1

if number
    print(number)
