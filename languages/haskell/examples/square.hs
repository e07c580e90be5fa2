let n = read input_str :: Integer
in show (n * n)
