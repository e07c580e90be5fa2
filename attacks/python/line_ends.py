#: what     lines that end with carriage returns, and form feeds between them: Python knows both
#: id       A-066
#: expect   ok
#: output   3
x = 1y = 2if x:    print(x + y)