return str(int(input_str) ** 2)
